// Contract, "Success": ID.mp4, ID_01.jpg..., ID.mp3.

#include "api/file_name.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ttsave::api {
namespace {

std::string name(std::size_t index, std::string_view extension)
{
    return file_name("7312345678901234567", index, *media::media_type_of(extension));
}

TEST(FileName, NumbersImagesOnly)
{
    EXPECT_EQ(name(0, "mp4"), "7312345678901234567.mp4");
    EXPECT_EQ(name(0, "jpg"), "7312345678901234567_01.jpg");
    EXPECT_EQ(name(1, "webp"), "7312345678901234567_02.webp");
    EXPECT_EQ(name(98, "png"), "7312345678901234567_99.png");
    EXPECT_EQ(name(99, "jpg"), "7312345678901234567_100.jpg");
    EXPECT_EQ(name(12, "mp3"), "7312345678901234567.mp3");
}

TEST(FileName, IsUniqueWithinAPost)
{
    std::set<std::string> names;
    for (std::size_t index = 0; index < 500; ++index)
        EXPECT_TRUE(names.insert(name(index, "jpg")).second);
    EXPECT_TRUE(names.insert(name(500, "m4a")).second);
}

} // namespace
} // namespace ttsave::api
