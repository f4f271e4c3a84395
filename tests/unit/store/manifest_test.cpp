// Issue 4, "Disk cache": a manifest says everything of its entry, and one that is damaged says nothing.

#include "store/manifest.hpp"

#include "core/checksum.hpp"

#include "builders.hpp"

#include <gmock/gmock.h>

namespace ttsave::store {
namespace {

manifest example()
{
    manifest entry;
    entry.key = "7312345678901234567-original";
    entry.stored_at = 1'795'000'000;
    entry.about = {{"title", "Ein \"Titel\"\n"}, {"description", "Ж 😀 \\ "}, {"duration_s", 12}};
    entry.boundary_safe = true;
    entry.files = {{"1.jpg", "jpg", 183'231, "9d2c4a1f00b7e655"}, {"2.mp3", "mp3", 1, "0000000000000000"}};
    return entry;
}

/// The text of a manifest with this line, correctly summed.
std::string signed_line(const std::string& line)
{
    checksum sum;
    sum.add(line);
    return line + '\n' + sum.text() + '\n';
}

TEST(Manifest, IsReadAsItWasWritten)
{
    const auto entry = example();
    const auto read = parse_manifest(to_text(entry));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->key, entry.key);
    EXPECT_EQ(read->stored_at, entry.stored_at);
    EXPECT_EQ(read->about, entry.about);
    EXPECT_TRUE(read->boundary_safe);
    ASSERT_EQ(read->files.size(), 2u);
    EXPECT_EQ(read->files[1].name, "2.mp3");
    EXPECT_EQ(read->files[1].type, "mp3");
    EXPECT_EQ(read->files[0].size, 183'231u);
    EXPECT_EQ(read->files[0].checksum, "9d2c4a1f00b7e655");
    EXPECT_EQ(read->bytes(), 183'232u);
}

TEST(Manifest, IsDamagedByEveryBit)
{
    const auto text = to_text(example());
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        std::string damaged = text;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(parse_manifest(damaged)) << "bit " << bit;
    }
}

TEST(Manifest, IsDamagedByEveryCutAndAddition)
{
    const auto text = to_text(example());
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(parse_manifest(text.substr(0, size))) << size;
    EXPECT_FALSE(parse_manifest(text + '\n'));
    EXPECT_FALSE(parse_manifest('\n' + text));
    EXPECT_FALSE(parse_manifest(std::string(text.size(), '\0')));
}

TEST(Manifest, OfAnotherShapeIsNone)
{
    const std::string rest = R"(,"stored_at":1,"about":{},"boundary_safe":true,"files":[)";
    const std::string file = R"({"name":"1.mp4","type":"mp4","size":1,"xxh3":"0"}]})";
    ASSERT_TRUE(parse_manifest(signed_line(R"({"format":1,"key":"k")" + rest + file)));
    for (const std::string& line : {
             std::string("{}"),
             std::string("[]"),
             std::string("null"),
             std::string(""),
             R"({"format":2,"key":"k")" + rest + file,
             R"({"key":"k")" + rest + file,
             R"({"format":1,"key":5)" + rest + file,
             R"({"format":1,"key":"k")" + rest + "]}",
             R"({"format":1,"key":"k")" + rest + R"({"name":"../1.mp4","type":"mp4","size":1,"xxh3":"0"}]})",
             R"({"format":1,"key":"k")" + rest + R"({"name":"","type":"mp4","size":1,"xxh3":"0"}]})",
             R"({"format":1,"key":"k")" + rest + R"({"name":"..","type":"mp4","size":1,"xxh3":"0"}]})",
             R"({"format":1,"key":"k")" + rest + R"({"name":"1.mp4","type":"mp4","size":-1,"xxh3":"0"}]})",
             R"({"format":1,"key":"k")" + rest + R"({"name":"1.mp4","type":"mp4","size":0,"xxh3":"0"}]})",
             R"({"format":1,"key":"k")" + rest + R"({"name":"1.mp4","type":"mp4","size":"1","xxh3":"0"}]})",
             R"({"format":1,"key":"k")" + rest + R"("1.mp4"]})",
         })
        EXPECT_FALSE(parse_manifest(signed_line(line))) << line;
}

} // namespace
} // namespace ttsave::store
