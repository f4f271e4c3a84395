// Contract, "Success": Content-Meta is standard Base64, with padding and without line breaks (RFC 4648 section 4).

#include "core/base64.hpp"

#include "builders.hpp"

#include <gmock/gmock.h>

namespace ttsave {
namespace {

TEST(Base64, GivesTheVectorsOfTheRfc)
{
    EXPECT_EQ(base64_encode(""), "");
    EXPECT_EQ(base64_encode("f"), "Zg==");
    EXPECT_EQ(base64_encode("fo"), "Zm8=");
    EXPECT_EQ(base64_encode("foo"), "Zm9v");
    EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
    EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
    EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64, UsesTheStandardAlphabet)
{
    EXPECT_EQ(base64_encode("\xfb\xff\xbf"), "+/+/");
}

TEST(Base64, KeepsEveryByteAtEveryLength)
{
    std::string bytes;
    for (int value = 0; value < 1024; ++value) {
        bytes += static_cast<char>(value % 256);
        ASSERT_EQ(test::decode_base64(base64_encode(bytes)), bytes) << "length " << bytes.size();
        ASSERT_EQ(base64_decode(base64_encode(bytes)), bytes) << "length " << bytes.size();
    }
}

TEST(Base64, IsReadStrictly)
{
    EXPECT_EQ(base64_decode(""), "");
    EXPECT_EQ(base64_decode("Zm9vYmFy"), "foobar");
    for (const auto* wrong : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Zg==Zg==", "Zm 9", "Zm9v\n", "Zm9-", "Z=g="})
        EXPECT_EQ(base64_decode(wrong), std::nullopt) << wrong;
}

} // namespace
} // namespace ttsave
