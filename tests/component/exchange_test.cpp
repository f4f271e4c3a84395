// Answers that are whole in memory, on a real socket.

#include "http/exchange.hpp"

#include "running.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>

#include <gmock/gmock.h>

#include <future>
#include <string>
#include <utility>

namespace ttsave::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// More than the kernel holds for a client that does not read.
const std::string much(8'000'000, 'x');

class Exchange : public testing::Test {
protected:
    Exchange()
    {
        tcp::acceptor acceptor(running_.get(), {asio::ip::address_v4::loopback(), 0});
        client_.connect(acceptor.local_endpoint());
        acceptor.accept(server_);
        tune(server_);
    }

    /// Answers a request on the server's thread, and returns what the client gets. Once for each test.
    std::string answered(const response& answer, verb method = verb::get)
    {
        asked_.method = method;
        auto sent = asio::co_spawn(running_.get(), respond(answer), asio::use_future);
        std::string text;
        boost::system::error_code end;
        asio::read(client_, asio::dynamic_buffer(text), end);
        EXPECT_TRUE(sent.get());
        return text;
    }

    asio::awaitable<bool> respond(const response& answer)
    {
        exchange answering(asked_, 11, false, out_);
        const auto sent = co_await answering.respond(answer);
        is_whole_ = answering.is_whole();
        body_bytes_ = answering.body_bytes_sent();
        boost::system::error_code ignored;
        server_.shutdown(tcp::socket::shutdown_send, ignored);
        co_return sent.has_value();
    }

    test::running_context running_;
    asio::io_context other_;
    tcp::socket client_{other_};
    tcp::socket server_{running_.get()};
    socket_deadline deadline_{server_};
    budget headroom_{0};
    socket_writer out_{server_, deadline_, headroom_, test::patience};
    request asked_;
    bool is_whole_ = false;
    std::uint64_t body_bytes_ = 0;
};

TEST_F(Exchange, SendsALargeBodyWithoutKeepingACopy)
{
    response answer{status::ok, "text/plain", "not this", {}};
    answer.static_body = much;
    const auto text = answered(answer);
    EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 8000000\r\n"));
    EXPECT_TRUE(text.ends_with("\r\n\r\n" + much));
    EXPECT_LT(out_.waiting().capacity(), 100'000u);
    EXPECT_TRUE(is_whole_);
    EXPECT_EQ(body_bytes_, much.size());
}

TEST_F(Exchange, SendsALittleBodyWithItsHead)
{
    EXPECT_THAT(answered({status::ok, "text/plain", "pong", {}}),
                EndsWith("\r\nContent-Length: 4\r\nConnection: close\r\n\r\npong"));
    EXPECT_TRUE(is_whole_);
    EXPECT_EQ(body_bytes_, 4u);
}

TEST_F(Exchange, TellsOfABodyThatAHeadRequestDoesNotGet)
{
    response answer{status::ok, "text/plain", {}, {}};
    answer.static_body = much;
    EXPECT_THAT(answered(answer, verb::head),
                testing::AllOf(HasSubstr("\r\nContent-Length: 8000000\r\n"), EndsWith("\r\n\r\n")));
    EXPECT_TRUE(is_whole_);
    EXPECT_EQ(body_bytes_, 0u);
}

TEST_F(Exchange, TellsNoLengthOfWhatHasNotBeenModified)
{
    const auto text = answered({status::not_modified, {}, {}, {{"ETag", "\"a\""}}});
    EXPECT_THAT(text, testing::AllOf(testing::StartsWith("HTTP/1.1 304 "), HasSubstr("\r\nETag: \"a\"\r\n")));
    EXPECT_THAT(text, testing::AllOf(Not(HasSubstr("Content-")), EndsWith("\r\n\r\n")));
    EXPECT_TRUE(is_whole_);
}

} // namespace
} // namespace ttsave::http
