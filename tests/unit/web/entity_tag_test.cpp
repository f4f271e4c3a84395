// RFC 9110 section 13.1.2: If-None-Match.

#include "web/entity_tag.hpp"

#include <gtest/gtest.h>

namespace ttsave::web {
namespace {

constexpr std::string_view tag = "\"a1\"";

TEST(EntityTag, IsListed)
{
    for (const std::string_view listed :
         {"\"a1\"", "W/\"a1\"", " \t\"a1\" ", "\"b\", \"a1\"", "W/\"b\",W/\"a1\",\"c\"", "\"b\"\t,,\"a1\"", ", \"a1\"",
          "\"a1\", and so on", "\"\", \"a1\"", "\"x,y\", \"a1\"", "\"\xd1\x8f\", \"a1\""})
        EXPECT_TRUE(lists_tag(listed, tag)) << listed;
}

TEST(EntityTag, IsOneOfAny)
{
    EXPECT_TRUE(lists_tag("*", tag));
    EXPECT_TRUE(lists_tag(" * ", tag));
}

TEST(EntityTag, IsNotListed)
{
    for (const std::string_view listed :
         {"", " ", ",", "\"\"", "\"A1\"", "\"a\"", "\"a11\"", "\"b\", \"c\"", "\",\"", "W/\"\"", "\"*\""})
        EXPECT_FALSE(lists_tag(listed, tag)) << listed;
}

TEST(EntityTag, IsNotInWhatIsNoListOfTags)
{
    for (const std::string_view listed :
         {"a1", "\"a1", "a1\"", "w/\"a1\"", "W\"a1\"", "W/ \"a1\"", "W/W/\"a1\"", "'a1'", "*, \"a1\"", "b \"a1\"",
          "\"b \", \"a1\"", "\"b\x7f\", \"a1\"", "\"b", "W/", "W"})
        EXPECT_FALSE(lists_tag(listed, tag)) << listed;
}

} // namespace
} // namespace ttsave::web
