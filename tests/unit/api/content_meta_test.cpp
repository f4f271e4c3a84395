// Contract, "Success": what Content-Meta holds, that Python's ast.literal_eval can read it, and that it stays small.

#include "api/content_meta.hpp"

#include "builders.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

namespace ttsave::api {
namespace {

namespace json = boost::json;
using namespace std::literals;
using test::times;

const std::string ellipsis = "…";

extraction::post post_with(std::string description)
{
    extraction::post made;
    made.id = "7312345678901234567";
    made.title = "Title";
    made.description = std::move(description);
    made.author = "some.user";
    return made;
}

/// The header's JSON, once the rules that hold for any post have been checked.
std::string checked_json(const extraction::post& post)
{
    const std::string header = content_meta(post);
    EXPECT_LT(std::string("Content-Meta: ").size() + header.size() + 2, 8192u);
    const std::string text = test::decode_base64(header);
    bool is_inside = false;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const char c = text[index];
        EXPECT_GE(static_cast<unsigned char>(c), 0x20) << "a raw control character at " << index;
        if (is_inside && c == '\\') {
            const char escape = text[++index];
            EXPECT_NE(std::string_view("\"\\bfnrtu").find(escape), std::string_view::npos) << '\\' << escape;
            // Below U+0020 only: surrogates would be two characters for Python, and everything else is UTF-8.
            EXPECT_TRUE(escape != 'u' || text.substr(index + 1, 3) == "000" || text.substr(index + 1, 3) == "001");
        } else if (c == '"') {
            is_inside = !is_inside;
        } else if (!is_inside) {
            EXPECT_NE(std::string_view("{}:,0123456789").find(c), std::string_view::npos) << c << " in " << text;
        }
    }
    return text;
}

json::object meta_of(const extraction::post& post)
{
    return json::parse(checked_json(post)).as_object();
}

std::string desc_of(const extraction::post& post)
{
    return std::string(meta_of(post).at("desc").as_string());
}

TEST(ContentMeta, HoldsThePost)
{
    auto post = post_with("Text");
    post.duration_s = 15;
    EXPECT_EQ(json::value(meta_of(post)), json::parse(R"({"title":"Title","desc":"Text","id":"7312345678901234567",)"
                                                      R"("author":"some.user","type":"video","duration":15})"));
    post.kind = extraction::post_kind::photos;
    post.duration_s.reset();
    EXPECT_EQ(json::value(meta_of(post)), json::parse(R"({"title":"Title","desc":"Text","id":"7312345678901234567",)"
                                                      R"("author":"some.user","type":"photos"})"));
}

TEST(ContentMeta, HasTitleAndDescAlsoWhenTheyAreEmpty)
{
    const auto meta = meta_of({"1", {}, "", "", "", {}, {}});
    EXPECT_EQ(meta.at("title"), json::value(""));
    EXPECT_EQ(meta.at("desc"), json::value(""));
}

TEST(ContentMeta, KeepsAnyTextThatFits)
{
    std::string control;
    for (char c = 0; c < 0x20; ++c)
        control += c;
    for (const std::string& text :
         {control + '\x7f', "\"'`\\/ \\n \\\" \\u0041 \\/"s,
          "Привет 😀👨‍👩‍👧 שלום \u202e мир\u2028\u2029\u0085"s,
          "true false null None {\"a\": [1]} <!-- </script>"s, "a\r\nSet-Cookie: x\r\n\r\n--simple_boundary--"s}) {
        auto post = post_with(text);
        post.title = text;
        post.author = text;
        const auto meta = meta_of(post);
        for (const auto* key : {"title", "desc", "author"})
            EXPECT_EQ(meta.at(key), json::value(text)) << key;
    }
}

TEST(ContentMeta, CutsLongDescriptionsAtACharacterAndFillsTheRoom)
{
    for (const std::string& character : {"a"s, "\""s, "\\"s, "\n"s, "\0"s, "\x1f"s, "я"s, "€"s, "😀"s, "/"s})
        for (std::size_t shift = 0; shift < 8; ++shift) {
            const std::string text = std::string(shift, 'x') + times(9000, character);
            const auto desc = desc_of(post_with(text));
            ASSERT_TRUE(desc.ends_with(ellipsis)) << character;
            const auto kept = desc.size() - ellipsis.size();
            EXPECT_EQ(desc.substr(0, kept), text.substr(0, kept)) << character;
            EXPECT_EQ((kept - shift) % character.size(), 0u) << "a character was cut in two: " << character;
            // One more character, of six bytes at most in JSON, and Base64's four for three: nothing more would fit.
            EXPECT_GE(content_meta(post_with(text)).size() + 12, max_content_meta_bytes) << character;
        }
}

TEST(ContentMeta, CutsNothingThatJustFits)
{
    std::size_t longest = 0;
    for (std::size_t size = 5900; size < 6144; ++size) {
        const std::string text(size, 'a');
        const auto desc = desc_of(post_with(text));
        if (desc == text)
            longest = size;
        else
            EXPECT_TRUE(desc.ends_with(ellipsis) && desc.size() <= longest) << size;
    }
    EXPECT_GT(longest, 5900u);
    EXPECT_LT(longest, 6143u);
}

TEST(ContentMeta, StaysBoundedForAMegabyteOfAnything)
{
    constexpr std::size_t megabyte = 1024 * 1024;
    for (const std::string& unit : {"\""s, "\\"s, "\x01"s, "😀"s, "a"s, "\xc2\x80"s, "\"\x01😀\\\n"s}) {
        const std::string text = times(megabyte / unit.size(), unit);
        auto post = post_with(text);
        EXPECT_TRUE(text.starts_with(desc_of(post).substr(0, 100)));
        post.title = text;
        post.author = text;
        const auto meta = meta_of(post);
        for (const auto* key : {"title", "desc", "author"})
            EXPECT_TRUE(meta.at(key).as_string().ends_with(ellipsis)) << key;
        EXPECT_EQ(meta.at("id"), json::value(post.id));
    }
}

TEST(ContentMeta, LeavesRoomForTheDescriptionBesideALongTitle)
{
    auto post = post_with(std::string(9000, 'd'));
    post.title = times(9000, "\x01");
    post.author = times(9000, "\x01");
    EXPECT_GT(desc_of(post).size(), 2000u);
}

TEST(ContentMeta, CutsLongTitlesAtACharacter)
{
    for (std::size_t shift = 0; shift < 4; ++shift) {
        auto post = post_with("Text");
        post.title = std::string(shift, 'x') + times(3000, "😀");
        const auto meta = meta_of(post);
        const std::string title(meta.at("title").as_string());
        ASSERT_TRUE(title.ends_with(ellipsis));
        EXPECT_EQ((title.size() - ellipsis.size() - shift) % 4, 0u);
        EXPECT_GT(title.size(), 400u);
        EXPECT_EQ(meta.at("desc"), json::value("Text"));
    }
}

} // namespace
} // namespace ttsave::api
