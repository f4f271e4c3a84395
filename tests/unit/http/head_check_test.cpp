// RFC 9112 and RFC 9110, rule by rule: which heads are requests, and what is wrong with the others.

#include "http/head_check.hpp"

#include <gmock/gmock.h>

#include <string>

namespace ttsave::http {
namespace {

constexpr std::size_t most = 16 * 1024;

/// What a head is refused for; an error_code without a value if it is not.
error_code fault_of(std::string_view head)
{
    head_check check(most);
    const auto fault = check.look(head);
    EXPECT_NE(check.is_complete(), fault.failed()) << head;
    return fault;
}

std::string with_line(std::string_view line)
{
    return std::string(line) + "\r\nHost: a\r\n\r\n";
}

std::string with_field(std::string_view field)
{
    return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(field) + "\r\n\r\n";
}

struct rule {
    const char* source;
    std::string head;
    request_error fault;
};

void expect_refused(const std::vector<rule>& rules)
{
    for (const auto& [source, head, fault] : rules)
        EXPECT_EQ(fault_of(head), make_error_code(fault)) << source << ": " << head;
}

TEST(HeadCheck, WantsARequestLine)
{
    expect_refused({
        {"RFC 9112 3, method and target", with_line("GET"), request_error::malformed_request_line},
        {"RFC 9112 3, version", with_line("GET /"), request_error::malformed_request_line},
        {"RFC 9112 3, an empty target", with_line("GET  HTTP/1.1"), request_error::malformed_request_line},
        {"RFC 9112 3, one space", with_line("GET  / HTTP/1.1"), request_error::malformed_request_line},
        {"RFC 9112 3, one space", with_line("GET /  HTTP/1.1"), request_error::malformed_request_line},
        {"RFC 9112 3, a space, no tab", with_line("GET\t/ HTTP/1.1"), request_error::malformed_request_line},
        {"RFC 9112 3, nothing before", with_line(" GET / HTTP/1.1"), request_error::malformed_request_line},
        {"RFC 9112 3, nothing behind", with_line("GET / HTTP/1.1 "), request_error::malformed_request_line},
        {"RFC 9112 3.2, no space in a target", with_line("GET /a b HTTP/1.1"), request_error::malformed_request_line},
        {"RFC 9110 5.6.2, token", with_line("G(T / HTTP/1.1"), request_error::malformed_request_line},
        {"RFC 9110 5.6.2, token", with_line("G\xc3\xa9T / HTTP/1.1"), request_error::malformed_request_line},
        {"RFC 9112 2.3, upper case", with_line("GET / http/1.1"), request_error::malformed_request_line},
        {"RFC 9112 2.3, two digits", with_line("GET / HTTP/1"), request_error::malformed_request_line},
        {"RFC 9112 2.3, two digits", with_line("GET / HTTP/1.10"), request_error::malformed_request_line},
        {"RFC 9112 2.3, two digits", with_line("GET / HTTP/01.1"), request_error::malformed_request_line},
        {"RFC 9112 2.3, a dot", with_line("GET / HTTP/1,1"), request_error::malformed_request_line},
        {"RFC 9110 2.5, the major version", with_line("GET / HTTP/0.9"), request_error::unknown_version},
        {"RFC 9113 3.4, the preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", request_error::unknown_version},
        {"RFC 9112 2.2, one empty line", "\r\n\r\nGET / HTTP/1.1\r\n", request_error::malformed_request_line},
    });
}

TEST(HeadCheck, RefusesALineAsSoonAsItIsThere)
{
    for (const auto* line : {"GET\r\n", "GET /\r\n", "G(T / HTTP/1.1\r\n", "GET / HTTP/1\r\n", "GET * HTTP/1.1\r\n",
                             "GET / HTTP/2.0\r\n", "GET / HTTP/1.1\r\nX\r\n", "GET / HTTP/1.1\r\nHost: /\r\n"}) {
        head_check check(most);
        EXPECT_TRUE(check.look(line)) << line;
        EXPECT_FALSE(check.is_complete()) << line;
    }
}

TEST(HeadCheck, WantsLinesOfTextThatEndInCrlf)
{
    using namespace std::string_literals;
    expect_refused({
        {"RFC 9112 2.2, bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", request_error::bare_line_break},
        {"RFC 9112 2.2, bare LF", with_field("X: a\nY: b"), request_error::bare_line_break},
        {"RFC 9112 2.2, bare LF", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", request_error::bare_line_break},
        {"RFC 9112 2.2, bare CR", "GET / HTTP/1.1\rHost: a\r\n\r\n", request_error::bare_line_break},
        {"RFC 9112 2.2, bare CR", with_field("X: a\rb"), request_error::bare_line_break},
        {"RFC 9112 2.2, bare CR", with_field("X: a\r\r"), request_error::bare_line_break},
        {"RFC 9112 2.2, at the end", "GET / HTTP/1.1\r\nHost: a\r\n\rX", request_error::bare_line_break},
        {"RFC 9110 5.5, NUL", with_field("X: a\0b"s), request_error::control_character},
        {"RFC 9110 5.5, BEL", with_field("X: a\ab"), request_error::control_character},
        {"RFC 9110 5.5, DEL", with_field("X: a\x7f"), request_error::control_character},
        {"RFC 9112 3.2, NUL", with_line("GET /\0 HTTP/1.1"s), request_error::control_character},
        {"no HTTP: the beginning of TLS", "\x16\x03\x01", request_error::control_character},
    });
}

TEST(HeadCheck, WantsATargetInTheFormOfItsMethod)
{
    expect_refused({
        {"RFC 9112 3.2, no fragment", with_line("GET /a#b HTTP/1.1"), request_error::malformed_target},
        {"RFC 9112 3.2.4, OPTIONS alone", with_line("GET * HTTP/1.1"), request_error::misplaced_target},
        {"RFC 9112 3.2.3, CONNECT alone", with_line("GET a:80 HTTP/1.1"), request_error::misplaced_target},
    });
}

TEST(HeadCheck, WantsFields)
{
    expect_refused({
        {"RFC 9112 5, a colon", with_field("X"), request_error::malformed_field},
        {"RFC 9112 5, a name", with_field(": a"), request_error::malformed_field},
        {"RFC 9112 5.1, no blank before the colon", with_field("X : a"), request_error::malformed_field},
        {"RFC 9112 5.1, no blank before the colon", with_field("X\t: a"), request_error::malformed_field},
        {"RFC 9110 5.1, token", with_field("X[1]: a"), request_error::malformed_field},
        {"RFC 9110 5.1, token", with_field("X Y: a"), request_error::malformed_field},
        {"RFC 9110 5.1, token", with_field("X\xc3\xa9: a"), request_error::malformed_field},
        {"RFC 9112 5.2, no folding", with_field("X: a\r\n b"), request_error::folded_field},
        {"RFC 9112 5.2, no folding", with_field("X: a\r\n\tb"), request_error::folded_field},
        {"RFC 9112 2.2, no blank before the first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", request_error::folded_field},
        {"RFC 9112 2.2, no line of blanks", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", request_error::folded_field},
        {"RFC 9110 7.6.1, tokens", with_field("Connection: close keep-alive"), request_error::malformed_connection},
        {"RFC 9112 C.2.2, as Connection", with_field("Proxy-Connection: a/b"), request_error::malformed_connection},
        {"RFC 9110 5.3, one type", with_field("Content-Type: a\r\ncontent-type: a"),
         request_error::repeated_content_type},
        {"RFC 9110 10.1.1, 100-continue", with_field("Expect: 200-ok"), request_error::unknown_expectation},
        {"RFC 9110 10.1.1, 100-continue", with_field("Expect: 100-continue, x"), request_error::unknown_expectation},
    });
}

TEST(HeadCheck, WantsOneHost)
{
    const auto with_host = [](std::string_view value) {
        return "GET / HTTP/1.1\r\nHost:" + std::string(value) + "\r\n\r\n";
    };
    expect_refused({
        {"RFC 9112 3.2, from 1.1 on", "GET / HTTP/1.1\r\n\r\n", request_error::missing_host},
        {"RFC 9112 3.2, one", with_field("Host: b"), request_error::repeated_host},
        {"RFC 9112 3.2, the same again", with_field("hOsT: a"), request_error::repeated_host},
        {"RFC 9112 3.2, in 1.0, too", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", request_error::repeated_host},
        {"RFC 9110 4.2.1, not empty", with_host(""), request_error::malformed_host},
        {"RFC 9110 7.2, a host", with_host("a b"), request_error::malformed_host},
    });
}

TEST(HeadCheck, WantsOneWayToFindTheBodysEnd)
{
    const std::string chunked = "Transfer-Encoding: chunked";
    std::vector<rule> rules{
        {"RFC 9112 6.3, digits again", with_field("Content-Length: 1\r\nContent-Length: 2"),
         request_error::repeated_length},
        {"RFC 9112 6.3, the same digits", with_field("Content-Length: 1\r\nContent-Length: 1"),
         request_error::repeated_length},
        {"RFC 9112 6.1, one of the two", with_field("Content-Length: 0\r\n" + chunked),
         request_error::coding_with_length},
        {"RFC 9112 6.1, one of the two", with_field(chunked + "\r\nContent-Length: 0"),
         request_error::coding_with_length},
        {"RFC 9112 6.1, once", with_field(chunked + "\r\n" + chunked), request_error::repeated_coding},
        {"RFC 9112 6.1, not in 1.0", "POST / HTTP/1.0\r\n" + chunked + "\r\n\r\n", request_error::coding_in_http_1_0},
    };
    for (const auto* length : {"", "x", "-1", "+1", "-0", "0x1", "1 1", "1,1", "1;", "1.0", "01", "00", "1_0", "\xb2",
                               "99999999999999999999"})
        rules.push_back(
            {"RFC 9110 8.6", with_field(std::string("Content-Length: ") + length), request_error::malformed_length});
    for (const auto* coding :
         {"", "gzip", "identity", "chunked, chunked", "gzip, chunked", "chunked, gzip", "chunked,", ",chunked",
          "chunked;a=b", "\"chunked\"", "xchunked", "chunked x", "chun ked", "chunke\xeb"})
        rules.push_back({"RFC 9112 6.1 and 7", with_field(std::string("Transfer-Encoding: ") + coding),
                         request_error::unknown_coding});
    expect_refused(rules);
}

TEST(HeadCheck, HasLimits)
{
    const auto fields = [](unsigned count) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (unsigned number = 1; number < count; ++number)
            text += "X: a\r\n";
        return text + "\r\n";
    };
    const std::string filling(most, 'a');
    expect_refused({
        {"RFC 6585 5", fields(129), request_error::too_many_fields},
        {"RFC 6585 5", with_field("X: " + filling), request_error::head_too_large},
        {"RFC 6585 5", with_field(filling + ": a"), request_error::head_too_large},
        {"RFC 9110 15.5.15", with_line("GET /" + filling + " HTTP/1.1"), request_error::target_too_long},
        {"RFC 9112 3", with_line(filling + " / HTTP/1.1"), request_error::malformed_request_line},
    });
    EXPECT_FALSE(fault_of(fields(128)));
    const auto around = with_field("X: ").size();
    EXPECT_FALSE(fault_of(with_field("X: " + filling.substr(around))));
    EXPECT_EQ(fault_of(with_field("X: a" + filling.substr(around))), make_error_code(request_error::head_too_large));
}

TEST(HeadCheck, TakesEverythingThatIsInTheGrammar)
{
    for (const auto& head : {
             with_line("GET / HTTP/1.1"),
             with_line("!#$%&'*+-.^_`|~09azAZ / HTTP/1.1"),
             with_line("GET http://b HTTP/1.1"),
             with_line("OPTIONS * HTTP/1.1"),
             with_line("CONNECT a:80 HTTP/1.1"),
             with_line("GET / HTTP/1.9"),
             "\r\n" + with_line("GET / HTTP/1.1"),
             std::string("GET / HTTP/1.0\r\n\r\n"),
             std::string("GET / HTTP/1.0\r\nHost:\r\n\r\n"),
             std::string("GET http://a/ HTTP/1.1\r\nHost:\r\n\r\n"),
             std::string("GET / HTTP/1.1\r\nhOST:\t a_b-c.example:4347 \t\r\n\r\n"),
             std::string("GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n"),
             with_field("X:"),
             with_field("X:a"),
             with_field("!#$%&'*+-.^_`|~09azAZ: \x80\xff\t!~"),
             with_field("Connection: a, ,b,"),
             with_field("Connection:"),
             with_field("Content-Length:\t0 "),
             with_field("Content-Length: 18446744073709551615"),
             with_field("transfer-ENCODING:\tChunkeD "),
             with_field("Upgrade: h2c"),
             with_field("Content_Length: 1\r\nTransfer_Encoding: chunked"),
         })
        EXPECT_FALSE(fault_of(head)) << head << fault_of(head).message();
}

TEST(HeadCheck, TellsWhatTheHeadSays)
{
    const std::string text = "\r\nPOST /a HTTP/1.7\r\nHost: a\r\nContent-Length: 17\r\nExpect: 100-Continue\r\n\r\n";
    head_check check(most);
    EXPECT_FALSE(check.look(text + "GET "));
    ASSERT_TRUE(check.is_complete());
    EXPECT_EQ(check.method(), verb::post);
    EXPECT_EQ(check.begin(), 2);
    EXPECT_EQ(check.end(), text.size());
    EXPECT_EQ(check.minor_version(), 7);
    EXPECT_EQ(text[check.minor_version_at()], '7');
    EXPECT_EQ(check.content_length(), 17);
    EXPECT_FALSE(check.is_chunked());
    EXPECT_TRUE(check.expects_continue());

    head_check other(most);
    EXPECT_FALSE(other.look("GET / HTTP/1.0\r\nExpect: 100-continue, x\r\n\r\n"));
    ASSERT_TRUE(other.is_complete());
    EXPECT_EQ(other.end(), 43);
    EXPECT_FALSE(other.expects_continue()) << "RFC 9110 10.1.1: HTTP/1.0 has no expectations";

    head_check chunks(most);
    EXPECT_FALSE(chunks.look(with_field("Transfer-Encoding: chunked")));
    ASSERT_TRUE(chunks.is_complete());
    EXPECT_TRUE(chunks.is_chunked());
}

TEST(HeadCheck, SaysTheSameHoweverTheHeadArrives)
{
    for (const auto& text :
         {with_field("X: a"), "\r\n" + with_field("Transfer-Encoding: chunked"), with_field("X : a"),
          with_field("X: a\r\n b"), with_field("X: a\nY"), with_field("X\r\r\n: a"), with_line("GET * HTTP/1.1"),
          with_field("Content-Length: 1\r\nContent-Length: 1"), std::string("GET / HTTP/1.1\r\n\r\n")}) {
        head_check check(most);
        error_code fault;
        for (std::size_t size = 0; !fault && !check.is_complete(); ++size) {
            ASSERT_LE(size, text.size());
            EXPECT_EQ(check.has_begun(), size > (text[0] == '\r' ? 3U : 1U)) << size;
            fault = check.look(std::string_view(text).substr(0, size));
        }
        EXPECT_EQ(fault, fault_of(text)) << text;
    }
}

} // namespace
} // namespace ttsave::http
