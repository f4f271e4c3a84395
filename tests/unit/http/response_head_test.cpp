#include "http/response_head.hpp"

#include <gmock/gmock.h>

namespace ttsave::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

const field_list none;

response_head head()
{
    return {status::ok, "text/plain", none, std::uint64_t{4}};
}

std::string text_of(const response_head& made)
{
    std::string text;
    append(text, made);
    return text;
}

TEST(ResponseHead, HasStatusLineFieldsAndAnEmptyLine)
{
    const field_list further{{"Allow", "GET"}, {"Retry-After", "5"}};
    const auto text = text_of({status::method_not_allowed, "application/json", further, std::uint64_t{0}});
    EXPECT_THAT(text, StartsWith("HTTP/1.1 405 Method Not Allowed\r\nServer: ttsave\r\nDate: "));
    EXPECT_THAT(text, EndsWith("\r\nContent-Type: application/json\r\nAllow: GET\r\nRetry-After: 5\r\n"
                               "Content-Length: 0\r\n\r\n"));
}

TEST(ResponseHead, TellsTheDateAsRfc9110Wants)
{
    EXPECT_THAT(text_of(head()), HasSubstr(" GMT\r\nContent-Type"));
    EXPECT_THAT(text_of(head()), MatchesRegex(".*\r\nDate: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} "
                                              "[0-9]{2}:[0-9]{2}:[0-9]{2} GMT\r\n.*"));
}

TEST(ResponseHead, TellsWhereTheBodyEnds)
{
    auto made = head();
    EXPECT_THAT(text_of(made), HasSubstr("\r\nContent-Length: 4\r\n"));
    made.body = chunked();
    EXPECT_THAT(text_of(made), HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
    EXPECT_THAT(text_of(made), Not(HasSubstr("Content-Length")));
    made.body = until_close();
    EXPECT_THAT(text_of(made), Not(HasSubstr("chunked")));
    EXPECT_THAT(text_of(made), Not(HasSubstr("Content-Length")));
}

TEST(ResponseHead, TellsNothingOfABodyThatIsNotThere)
{
    const auto text = text_of({status::not_modified, {}, none, no_body()});
    EXPECT_THAT(text, StartsWith("HTTP/1.1 304 Not Modified\r\n"));
    for (const auto* field : {"Content-Type", "Content-Length", "Transfer-Encoding"})
        EXPECT_THAT(text, Not(HasSubstr(field)));
}

TEST(ResponseHead, TellsWhetherTheConnectionStaysWhereThatIsNotTheDefault)
{
    auto made = head();
    EXPECT_THAT(text_of(made), Not(HasSubstr("Connection")));
    made.keep_alive = false;
    EXPECT_THAT(text_of(made), HasSubstr("\r\nConnection: close\r\n"));
    made.version = 10;
    EXPECT_THAT(text_of(made), StartsWith("HTTP/1.0 200 OK\r\n"));
    EXPECT_THAT(text_of(made), Not(HasSubstr("Connection")));
    made.keep_alive = true;
    EXPECT_THAT(text_of(made), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

} // namespace
} // namespace ttsave::http
