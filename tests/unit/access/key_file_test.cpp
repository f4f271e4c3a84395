// Issue 6, "Keys": the file is taken exactly as documented, and what is wrong with any other is told with its line.

#include "access/key_file.hpp"

#include "builders.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace ttsave::access {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string digest_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-2

TEST(KeyFile, HoldsKeysWithTheirLimits)
{
    const auto keys = parse_keys(R"({
        "keys": [
            {"name": "bot", "key": "a secret", "rate_limit_per_min": 60, "allowed_networks": ["10.0.0.0/8", "::1"]},
            {"key_sha256": ")" + digest_of_abc +
                                 R"(", "name": "app-2.x_y"},
            {"name": "free", "key": "x", "rate_limit_per_min": 0}
        ]
    })");
    ASSERT_TRUE(keys) << keys.error();
    ASSERT_EQ(keys->size(), 3u);
    EXPECT_EQ((*keys)[0].name, "bot");
    EXPECT_EQ((*keys)[0].digest, sha256("a secret"));
    EXPECT_EQ((*keys)[0].rate_limit_per_min, 60u);
    EXPECT_EQ((*keys)[0].allowed_networks.size(), 2u);
    EXPECT_EQ((*keys)[1].name, "app-2.x_y");
    EXPECT_EQ((*keys)[1].digest, sha256("abc"));
    EXPECT_EQ((*keys)[1].rate_limit_per_min, std::nullopt);
    EXPECT_TRUE((*keys)[1].allowed_networks.empty());
    EXPECT_EQ((*keys)[2].rate_limit_per_min, 0u);
}

TEST(KeyFile, MayHoldNoKeys)
{
    const auto keys = parse_keys(R"({"keys":[]})");
    ASSERT_TRUE(keys);
    EXPECT_TRUE(keys->empty());
}

TEST(KeyFile, IsRefusedWithTheLine)
{
    const struct {
        std::string text;
        std::string problem;
    } cases[] = {
        {"", "line 1: is not JSON"},
        {"{\"keys\":[]", "line 1: is not JSON"},
        {"{\"keys\":[]}\n\n,", "line 3: is not JSON"},
        {"{\"keys\":[]}{}", "line 1: is not JSON"},
        {"{\n\"keys\":[\n{'name':1}]}", "line 3: is not JSON"},
        {"[]", "line 1: the file must be an object"},
        {"17", "line 1: the file must be an object"},
        {"{}", "line 1: there is no field \"keys\""},
        {"{\n\"kesy\":[]}", "line 2: there is no field \"kesy\""},
        {"{\"keys\":[],\n\"more\":1}", "line 2: there is no field \"more\""},
        {"{\"keys\":[],\n\"keys\":[]}", "line 2: keys stands there twice"},
        {"{\"keys\":{}}", "line 1: keys must be an array"},
        {"{\"keys\":null}", "line 1: keys must be an array"},
        {"{\"keys\":[\n\"secret\"]}", "line 2: each of the keys must be an object"},
        {"{\"keys\":[\n[]]}", "line 2: each of the keys must be an object"},
        {"{\"keys\":[{}]}", "line 1: a key has no name"},
        {"{\"keys\":[{\"key\":\"x\"}]}", "line 1: a key has no name"},
        {"{\"keys\":[{\"name\":\"a\"}\n]}", "line 1: the key a must have one of key and key_sha256"},
        {"{\"keys\":[{\"name\":\"a\",\"key\":\"x\",\"key_sha256\":\"" + digest_of_abc + "\"}]}",
         "line 1: the key a must have one of key and key_sha256"},
        {"{\"keys\":[{\"name\":\"a\",\n\"secret\":\"x\"}]}", "line 2: a key has no field \"secret\""},
        {"{\"keys\":[{\"name\":\"a\",\n\"name\":\"b\"}]}", "line 2: name stands there twice"},
        {"{\"keys\":[{\"name\":\"a b\"}]}", "line 1: name must be"},
        {"{\"keys\":[{\"name\":\"\"}]}", "line 1: name must be"},
        {"{\"keys\":[{\"name\":\"" + std::string(65, 'a') + "\"}]}", "line 1: name must be"},
        {"{\"keys\":[{\"name\":1}]}", "line 1: name must be"},
        {"{\"keys\":[{\"name\":{}}]}", "line 1: name must be"},
        {"{\"keys\":[{\"name\":\"a\",\"key\":\"x\"},\n{\"name\":\"a\",\"key\":\"y\"}]}", "line 2: name must be"},
        {"{\"keys\":[{\"name\":\"a\",\"key\":\"x\"},\n{\"name\":\"b\",\"key\":\"x\"}]}", "line 2: key must be"},
        {"{\"keys\":[{\"name\":\"a\",\"key\":\"abc\"},\n{\"name\":\"b\",\"key_sha256\":\"" + digest_of_abc + "\"}]}",
         "line 2: key_sha256 must be"},
        {"{\"keys\":[{\"name\":\"a\",\"key\":\"\"}]}", "line 1: key must be"},
        {"{\"keys\":[{\"name\":\"a\",\"key\":null}]}", "line 1: key must be"},
        {"{\"keys\":[{\"name\":\"a\",\"key_sha256\":\"abc\"}]}", "line 1: key_sha256 must be"},
        {"{\"keys\":[{\"name\":\"a\",\"key_sha256\":\"" + std::string(64, 'x') + "\"}]}", "line 1: key_sha256 must be"},
        {"{\"keys\":[{\"name\":\"a\",\"rate_limit_per_min\":-1}]}", "line 1: rate_limit_per_min must be"},
        {"{\"keys\":[{\"name\":\"a\",\"rate_limit_per_min\":1.5}]}", "line 1: rate_limit_per_min must be"},
        {"{\"keys\":[{\"name\":\"a\",\"rate_limit_per_min\":\"60\"}]}", "line 1: rate_limit_per_min must be"},
        {"{\"keys\":[{\"name\":\"a\",\"rate_limit_per_min\":1000001}]}", "line 1: rate_limit_per_min must be"},
        {"{\"keys\":[{\"name\":\"a\",\"rate_limit_per_min\":18446744073709551615}]}",
         "line 1: rate_limit_per_min must be"},
        {"{\"keys\":[{\"name\":\"a\",\"rate_limit_per_min\":true}]}", "line 1: rate_limit_per_min must be"},
        {"{\"keys\":[{\"name\":\"a\",\"allowed_networks\":\"::1\"}]}", "line 1: allowed_networks must be"},
        {"{\"keys\":[{\"name\":\"a\",\"allowed_networks\":[]}]}", "line 1: allowed_networks must be"},
        {"{\"keys\":[{\"name\":\"a\",\"allowed_networks\":[1]}]}", "line 1: allowed_networks must be"},
        {"{\"keys\":[{\"name\":\"a\",\"allowed_networks\":[[]]}]}", "line 1: allowed_networks must be"},
        {"{\"keys\":[{\"name\":\"a\",\"allowed_networks\":[\n\"10.0.0.1/8\"]}]}",
         "line 2: \"10.0.0.1/8\" is not a network"},
    };
    for (const auto& each : cases) {
        const auto keys = parse_keys(each.text);
        ASSERT_FALSE(keys) << each.text;
        EXPECT_THAT(keys.error(), StartsWith(each.problem)) << each.text;
    }
}

TEST(KeyFile, NeverTellsASecret)
{
    for (const std::string text : {
             R"({"keys":[{"name":"a","key":"hush"},{"name":"b","key":"hush"}]})",
             R"({"keys":[{"name":"a","key_sha256":"hush"}]})",
             R"({"keys":["hush"]})",
             R"({"keys":[{"name":"a","rate_limit_per_min":"hush"}]})",
         }) {
        const auto keys = parse_keys(text);
        ASSERT_FALSE(keys);
        EXPECT_THAT(keys.error(), Not(HasSubstr("hush")));
    }
}

TEST(KeyFile, IsReadFromDisk)
{
    const test::temporary_directory folder;
    const auto path = (folder.path() / "keys.json").string();
    const auto missing = read_keys(path);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), path + " cannot be read: No such file or directory");
    ASSERT_FALSE(read_keys(folder.path().string())) << "a folder";

    std::ofstream(path) << "{\"keys\":[{\"name\":\"a\",\"key\":\"x\"}]}\n";
    const auto keys = read_keys(path);
    ASSERT_TRUE(keys) << keys.error();
    EXPECT_EQ(keys->size(), 1u);

    std::ofstream(path) << "{\n\"key\":1}";
    EXPECT_THAT(read_keys(path).error(), StartsWith(path + " line 2: "));
    std::ofstream(path) << std::string(1024 * 1024 + 1, ' ');
    EXPECT_EQ(read_keys(path).error(), path + " is over 1048576 bytes");
}

TEST(KeyFile, TakesTheEntriesThatAreMadeForIt)
{
    const auto entry = new_key_entry("bot");
    ASSERT_TRUE(entry);
    const auto keys = parse_keys("{\"keys\":[" + *entry + "," + *new_key_entry("other") + "]}");
    ASSERT_TRUE(keys) << keys.error();
    EXPECT_EQ(keys->front().name, "bot");
    EXPECT_NE(new_key_entry("bot"), entry) << "each is a fresh one";
    EXPECT_FALSE(new_key_entry(""));
    EXPECT_FALSE(new_key_entry("a\"b"));
}

TEST(KeyRing, FindsTheKeyOfASecret)
{
    const key_ring ring(*parse_keys(R"({"keys":[{"name":"a","key":"one"},{"name":"b","key":"two"}]})"));
    ASSERT_NE(ring.find("one"), nullptr);
    EXPECT_EQ(ring.find("one")->name, "a");
    ASSERT_NE(ring.find("two"), nullptr);
    EXPECT_EQ(ring.find("two")->name, "b");
    for (const auto* wrong : {"", "on", "onee", "One", "a", "one\n"})
        EXPECT_EQ(ring.find(wrong), nullptr) << wrong;
}

} // namespace
} // namespace ttsave::access
