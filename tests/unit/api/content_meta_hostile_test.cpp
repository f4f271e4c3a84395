// Issue 6, "Fuzzing": one million hostile titles and descriptions, on the way from an extractor's line to the header.

#include "api/content_meta.hpp"

#include "content_meta_reader.hpp"
#include "extraction/worker_protocol.hpp"
#include "http/response_head.hpp"
#include "utf8_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::api {
namespace {

namespace json = boost::json;
using namespace std::literals;

constexpr std::size_t pairs = TTSAVE_SLOWNESS == 1 ? 1'000'000 : 25'000;

/// What texts are made of: whatever has ever ended a header, a string or a parser early.
const std::vector<std::string_view> well_formed{
    // line ends and headers
    "\r\n"sv, "\r"sv, "\n"sv, "\r\n\r\n"sv, "\r\nSet-Cookie: a=b"sv, "\nContent-Length: 0\r\n\r\n"sv, "\r\n\t"sv,
    "Content-Meta: e30="sv, "\r\n--simple_boundary\r\n"sv, "--simple_boundary--"sv, "HTTP/1.1 200 OK\r\n"sv, "%0d%0a"sv,
    "\\r\\n"sv, "\xc4\x8d\xc4\x8a"sv /* their low bytes are CR LF */, "\xe5\x98\x8d\xe5\x98\x8a"sv,
    // other control characters, the invisible and the directing
    "\0"sv, "\x01"sv, "\x08\x0b\x0c\x1b[31m\x1f"sv, "\x7f"sv, "\xc2\x80\xc2\x85\xc2\x9f"sv, "\xc2\xa0\xc2\xad"sv,
    "\xe2\x80\xa8"sv, "\xe2\x80\xa9"sv, "\xe2\x80\xae"sv, "\xe2\x80\x8b\xe2\x80\x8d\xe2\x81\xa0"sv,
    "\xe2\x81\xa6x\xe2\x81\xa9"sv, "\xef\xbb\xbf"sv, "\xef\xbf\xbd"sv, "\xef\xbf\xbe\xef\xbf\xbf"sv, "\xef\xb7\x90"sv,
    "\xf3\xa0\x80\x81"sv, "\xf3\xa0\x81\xbf"sv,
    // JSON, Python and Base64
    "\""sv, "\\"sv, "\\\""sv, "'"sv, "\"\"\""sv, "\\u0000"sv, "\\ud83d\\ude00"sv, "\\/"sv, "\\x0a"sv,
    "\\N{DIGIT ONE}"sv, "\\"sv, "{\"title\":\"x\"}"sv, "\",\"desc\":\""sv, "true"sv, "null"sv, "None"sv, "NaN"sv, "#"sv,
    "//"sv, "/**/"sv, "="sv, "=="sv, "+/-_"sv, "</script>"sv, "{}"sv, "%s%n"sv, "${x}"sv, "$(reboot)"sv,
    "../../etc/passwd"sv,
    // scripts, and how they combine
    "Привет"sv, "Ґ"sv, "Ελλάδα"sv, "שלום"sv, "مرحبا"sv, "नमस्ते"sv, "สวัสดี"sv, "你好"sv, "こんにちは"sv, "안녕하세요"sv,
    "ქართული"sv, "አማርኛ"sv, "Ｆｕｌｌ"sv, "ﷺ"sv, "ß"sv, "İı"sv, "e\xcc\x81\xcc\x81\xcc\x81"sv,
    "Z\xcc\x8d\xcc\x8e\xcc\x84\xcc\xb3"sv, "\xcc\x81"sv, "😀"sv, "👨‍👩‍👧‍👦"sv, "🇩🇪🇷"sv, "👍🏿"sv,
    "𝕏"sv, "𒐫"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "\xed\x9f\xbf\xee\x80\x80"sv, "…"sv,
    // and the ordinary
    "a"sv, " "sv, "#fyp "sv, "@user"sv, "https://vm.tiktok.com/ZM1"sv, "1234567890"sv};

/// What is no UTF-8.
const std::vector<std::string_view> ill_formed{
    // continuations of nothing, and what is longer than it need be
    "\x80"sv, "\xbf"sv, "\xc0\x8a"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x80\x8a"sv, "\xe0\x9f\xbf"sv,
    "\xf0\x80\x80\x8a"sv, "\xf0\x8f\xbf\xbf"sv,
    // surrogates, and what lies beyond Unicode
    "\xed\xa0\xbd\xed\xb8\x80"sv, "\xed\xbf\xbf"sv, "\xf4\x90\x80\x80"sv, "\xf8\x88\x80\x80\x80"sv, "\xfe"sv, "\xff"sv,
    // broken off
    "\xc3"sv, "\xe2\x82"sv, "\xf0\x9f\x98"sv, "\xc3\""sv, "\xe2\x82\r\n"sv};

/// The same texts on every machine.
class hostile_texts {
public:
    std::string next(bool may_be_ill_formed)
    {
        std::string text;
        if (below(400) == 0) { // long enough to be cut, at any place of a character
            text = std::string(below(8), 'x');
            const auto piece = pick(well_formed);
            for (const auto size = 4000 + below(8000); text.size() < size;)
                text += piece;
        }
        for (auto left = below(12); left > 0; --left) {
            if (may_be_ill_formed && below(4) == 0)
                text += pick(ill_formed);
            else if (below(8) == 0)
                append_character(text);
            else
                text += pick(well_formed);
        }
        return text;
    }

    std::size_t below(std::size_t bound) { return random_() % bound; }

private:
    std::string_view pick(const std::vector<std::string_view>& from) { return from[below(from.size())]; }

    /// Any character there is (RFC 3629 section 3).
    void append_character(std::string& text)
    {
        auto code = static_cast<std::uint32_t>(below(0x110000 - 0x800));
        code += code >= 0xd800 ? 0x800 : 0;
        const auto rest = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3f)); };
        if (code < 0x80) {
            text += static_cast<char>(code);
            return;
        }
        const int shifts = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        text += static_cast<char>((shifts == 1 ? 0xc0 : shifts == 2 ? 0xe0 : 0xf0) | code >> 6 * shifts);
        for (int shift = 6 * (shifts - 1); shift >= 0; shift -= 6)
            rest(shift);
    }

    std::mt19937 random_{2026};
};

/// The line in which an extractor says it. Ill-formed bytes stand there as they are.
std::string line_of(const std::string& title, const std::string& description)
{
    const json::object source{{"url", "v"}, {"headers", json::object()}};
    const json::object medium{{"role", "video"}, {"sound", true}, {"ext", "mp4"}, {"sources", json::array{source}}};
    const json::object post{{"id", "7312345678901234567"}, {"kind", "video"}, {"title", title},
                            {"description", description},  {"author", "a.b"}, {"media", json::array{medium}}};
    return json::serialize(json::object{{"id", 1}, {"event", "post"}, {"post", post}});
}

/// The lines of a response's head with this Content-Meta.
std::ptrdiff_t head_lines(const std::string& meta)
{
    const http::field_list fields{{"Content-Meta", meta}};
    std::string head;
    http::append(head, {http::status::ok, "multipart/x-mixed-replace; boundary=b", fields, http::chunked(), 11, true});
    return std::count(head.begin(), head.end(), '\n') + std::count(head.begin(), head.end(), '\r');
}

/// Whatever the texts are: one value of one header.
void expect_one_value(const std::string& meta)
{
    static const std::ptrdiff_t usual = head_lines("e30=");
    ASSERT_EQ(head_lines(meta), usual);
    ASSERT_LE(meta.size(), max_content_meta_bytes);
    ASSERT_NO_THROW(test::decode_base64(meta));
}

TEST(ContentMetaHostile, MillionTitlesAndDescriptions)
{
    hostile_texts texts;
    std::size_t refused = 0;
    std::size_t cut = 0;
    for (std::size_t count = 0; count < pairs; ++count) {
        const bool may_be_ill_formed = texts.below(8) == 0;
        extraction::post said;
        said.title = texts.next(may_be_ill_formed);
        said.description = texts.next(may_be_ill_formed);
        const bool is_text = test::is_utf8(said.title) && test::is_utf8(said.description);
        const auto event = extraction::parse_event(line_of(said.title, said.description));
        ASSERT_EQ(event.has_value(), is_text) << "pair " << count;
        if (!event) {
            ++refused;
            ASSERT_NO_FATAL_FAILURE(expect_one_value(content_meta(said))) << "pair " << count;
            continue;
        }
        const auto& post = std::get<extraction::post_event>(*event).post;
        ASSERT_EQ(post.title, said.title) << "pair " << count;
        ASSERT_EQ(post.description, said.description) << "pair " << count;
        const std::string meta = content_meta(post);
        ASSERT_NO_FATAL_FAILURE(expect_one_value(meta)) << "pair " << count;
        ASSERT_NO_THROW(test::check_content_meta(meta, post)) << "pair " << count << ": " << meta;
        cut += meta.size() + 32 > max_content_meta_bytes ? 1 : 0;
    }
    EXPECT_GT(refused, pairs / 20);
    EXPECT_GT(cut, pairs / 2000);
}

} // namespace
} // namespace ttsave::api
