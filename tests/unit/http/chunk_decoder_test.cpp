// RFC 9112, section 7.1: which bodies are chunked ones, and what is in them.

#include "http/chunk_decoder.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ttsave::http {
namespace {

struct outcome {
    std::string body;
    std::string rest; ///< what the decoder has left
    error_code fault;
    bool is_done = false;
};

/// Decodes `text`, which comes in pieces of `step` bytes.
outcome decode(std::string_view text, std::size_t step = std::string_view::npos)
{
    outcome got;
    chunk_decoder decoder;
    while (!text.empty() && !decoder.is_done() && !got.fault) {
        auto bytes = text.substr(0, step);
        const auto size = bytes.size();
        const auto piece = decoder.next(bytes);
        if (!piece)
            got.fault = piece.error();
        else
            got.body += *piece;
        text.remove_prefix(size - bytes.size());
    }
    got.rest = text;
    got.is_done = decoder.is_done();
    return got;
}

TEST(ChunkDecoder, TakesTheFramingAway)
{
    struct example {
        std::string text;
        std::string body;
    };
    for (const auto& [text, body] : {
             example{"0\r\n\r\n", ""},
             example{"5\r\nhello\r\n0\r\n\r\n", "hello"},
             example{"5\r\nhello\r\n6\r\n\r\n\r\n0\r\r\n000\r\n\r\n", "hello\r\n\r\n0\r"},
             example{"000000000000000a\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
             example{"A\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
             example{"1;a\r\nx\r\n0;b=c\r\n\r\n", "x"},
             example{"1;a=\"b;\\\"\\\\\tc\"\r\nx\r\n0\r\n\r\n", "x"},
             example{"1 ;\ta = b\t; c ; d=\"\" ;e\r\nx\r\n0\r\n\r\n", "x"},
             example{"1\r\nx\r\n0\r\nX-Sum: 1\r\nY:\r\nHosts: \xff\t\r\n\r\n", "x"},
         }) {
        const auto whole = decode(text + "GET /");
        EXPECT_EQ(whole.body, body) << text;
        EXPECT_TRUE(whole.is_done) << text << whole.fault.message();
        EXPECT_EQ(whole.rest, "GET /") << text;
        const auto bytewise = decode(text + "GET /", 1);
        EXPECT_EQ(bytewise.body, body) << text;
        EXPECT_TRUE(bytewise.is_done) << text;
        EXPECT_EQ(bytewise.rest, "GET /") << text;
    }
}

TEST(ChunkDecoder, RefusesEverythingElse)
{
    using namespace std::string_literals;
    struct rule {
        const char* source;
        std::vector<std::string> texts;
        request_error fault;
    };
    for (const auto& [source, texts, fault] : {
             rule{"7.1, 1*HEXDIG",
                  {"\r\n", ";a\r\n", "x\r\n", " 1\r\n", "\t1\r\n", "+1\r\n", "-1\r\n", "0x1\r\n", "1_0\r\n", "1.\r\n",
                   "1,\r\n", "\n1\r\n", "\0001\r\n"s, "1g\r\n"},
                  request_error::malformed_chunk_size},
             rule{"7.1, beyond 64 bits",
                  {"10000000000000000\r\n", "ffffffffffffffff0\r\n", "00000000000000001\r\n"},
                  request_error::malformed_chunk_size},
             rule{"7.1, CRLF behind the size",
                  {"1\nx", "1\r\rx", "1\rx", "1\r0\r\n"},
                  request_error::malformed_chunk_size},
             rule{"7.1, CRLF behind the data",
                  {"1\r\nx0\r\n\r\n", "1\r\nxy\r\n", "1\r\nx\n0\r\n\r\n", "1\r\nx\r0\r\n\r\n", "1\r\nx\r\r\n",
                   "2\r\nx\r\n0"},
                  request_error::malformed_chunk_end},
             rule{"7.1.1, chunk-ext",
                  {"1;\r\n",         "1; \r\n",     "1;a=\r\n",    "1;=b\r\n",        "1;a[\r\n",       "1;a=b[\r\n",
                   "1;;a\r\n",       "1;a=b=c\r\n", "1;a=\"b\r\n", "1;a=\"b\"c\r\n",  "1;a=\"\\\r\n",   "1;a\n",
                   "1;\nx\r\n",      "1;a=b\n",     "1;\0\r\n"s,   "1;a=\"\0\"\r\n"s, "1;a=\"\n\"\r\n", "1 \r\n",
                   "1\t\r\n",        "1 a\r\n",     "1;a \r\n",    "1;a b\r\n",       "1;a=b \r\n",     "1;a=b c\r\n",
                   "1;a=\"\" b\r\n", "1;a\x80\r\n"},
                  request_error::malformed_chunk_extension},
             rule{"7.1.2, field lines",
                  {"0\r\nX\r\n\r\n", "0\r\n: a\r\n\r\n", "0\r\nX : a\r\n\r\n", "0\r\nX: a\r\n b\r\n\r\n",
                   "0\r\n X: a\r\n\r\n", "0\r\nX: a\nY", "0\r\nX: a\rY", "0\r\n\n", "0\r\n\rX", "0\r\nX: \0\r\n\r\n"s,
                   "0\r\nX: \x7f\r\n\r\n", "0\r\n\0"s, "0\r\n\x80: a\r\n"},
                  request_error::malformed_trailer},
             rule{"RFC 9110 6.5.1, framing and routing",
                  {"0\r\nContent-Length: 1\r\n\r\n", "0\r\nX: a\r\ntransfer-ENCODING: chunked\r\n\r\n",
                   "0\r\nHost:\r\n"},
                  request_error::forbidden_trailer},
         }) {
        for (const auto& text : texts) {
            EXPECT_EQ(decode(text).fault, make_error_code(fault)) << source << ": " << text;
            EXPECT_EQ(decode(text, 1).fault, make_error_code(fault)) << source << ": " << text;
        }
    }
}

TEST(ChunkDecoder, BoundsWhatIsThrownAway)
{
    const std::string filling(16 * 1024, 'a');
    const auto overhead = make_error_code(request_error::chunk_overhead);
    EXPECT_EQ(decode("1;" + filling + "\r\n").fault, overhead);
    EXPECT_EQ(decode("0\r\nX: " + filling + "\r\n").fault, overhead);
    std::string many;
    for (int number = 0; number < 8000; ++number)
        many += "1;a=b\r\nx\r\n";
    EXPECT_FALSE(decode(many.substr(0, many.size() / 2)).fault);
    EXPECT_EQ(decode(many).fault, overhead) << "of all chunks together";
}

TEST(ChunkDecoder, IsDoneAtTheLastByteAndNotBefore)
{
    const std::string text = "3;a=\"b\"\r\nabc\r\n0\r\nX: y\r\n\r\n";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto part = decode(std::string_view(text).substr(0, size));
        EXPECT_FALSE(part.is_done) << size;
        EXPECT_FALSE(part.fault) << size;
        EXPECT_EQ(part.rest, "") << size;
    }
    EXPECT_TRUE(decode(text).is_done);
}

TEST(ChunkDecoder, CountsAllSixteenDigits)
{
    chunk_decoder decoder;
    std::string_view head = "ffffffffffffffff\r\nab";
    EXPECT_EQ(decoder.next(head).value(), "ab");
    std::string_view more = "0\r\n\r\n";
    EXPECT_EQ(decoder.next(more).value(), "0\r\n\r\n");
    EXPECT_FALSE(decoder.is_done());
}

} // namespace
} // namespace ttsave::http
