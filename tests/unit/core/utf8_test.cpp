#include "core/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ttsave {
namespace {

const std::string replacement = "\xef\xbf\xbd";

TEST(ValidUtf8, LeavesWellFormedTextAlone)
{
    for (const std::string text : {"", "a", "Кот и пёс 😀", "\x01\x7f"})
        EXPECT_EQ(valid_utf8(text), text);
}

TEST(ValidUtf8, ReplacesEachByteThatIsNotPartOfIt)
{
    EXPECT_EQ(valid_utf8("a\xff"), "a" + replacement);
    EXPECT_EQ(valid_utf8("\xe2\x82"), replacement + replacement) << "cut off";
    EXPECT_EQ(valid_utf8("\xc0\xaf"), replacement + replacement) << "overlong";
    EXPECT_EQ(valid_utf8("\xed\xa0\x80x"), replacement + replacement + replacement + "x") << "a surrogate";
    EXPECT_EQ(valid_utf8("\x80я"), replacement + "я");
}

} // namespace
} // namespace ttsave
