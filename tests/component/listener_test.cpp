// The http room over real sockets, with handlers made for the purpose. The whole server's side of the contract is
// tested in tests/system.

#include "http/listener.hpp"

#include "http/acceptor.hpp"
#include "http/error_response.hpp"
#include "running.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

#include <cstdio>
#include <future>
#include <optional>
#include <stdexcept>

namespace ttsave::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

limits quick()
{
    limits bounds;
    bounds.idle = std::chrono::seconds(1);
    bounds.header = std::chrono::seconds(1);
    bounds.body = std::chrono::seconds(1);
    bounds.write = std::chrono::seconds(1);
    return bounds;
}

class Listener : public testing::Test {
protected:
    Listener()
    {
        const auto answer = [](exchange& asked) -> asio::awaitable<void> {
            response pong{status::ok, "text/plain", asked.incoming().body, {}};
            co_await asked.respond(std::move(pong));
        };
        routes_.add({"/echo", {verb::post}, body_policy::keep, answer});
        const auto stream = [this](exchange& asked) -> asio::awaitable<void> { return send_stream(asked); };
        routes_.add({"/stream", {verb::get}, body_policy::ignore, stream});
        const auto wait = [this](exchange&) -> asio::awaitable<void> { return wait_forever(); };
        routes_.add({"/wait", {verb::get}, body_policy::ignore, wait});
        const auto fail = [](exchange&) -> asio::awaitable<void> {
            throw std::runtime_error("/secret/path");
            co_return;
        };
        routes_.add({"/fail", {verb::get}, body_policy::ignore, fail});
        const auto answer_now = [](const request& asked) { return response{status::ok, "text/plain", asked.path, {}}; };
        routes_.add({"/now", {verb::get, verb::head}, body_policy::ignore, answer_now});
        const auto fail_now = [](const request&) -> response { throw std::runtime_error("/secret/path"); };
        routes_.add({"/fail-now", {verb::get}, body_policy::ignore, fail_now});
        const auto endless = [](exchange& asked) -> asio::awaitable<void> {
            asked.start_stream("text/plain", {});
            const std::string block(100'000, 'x');
            while (co_await asked.write(block)) {
            }
        };
        routes_.add({"/endless", {verb::get}, body_policy::ignore, endless});
        listener_.emplace(
            std::vector<asio::any_io_executor>{running_.get().get_executor(), second_.get().get_executor()},
            bind_acceptor(running_.get().get_executor(), {asio::ip::address_v4::loopback(), 0}), routes_, quick());
        listener_->start();
    }

    ~Listener() override { stop(std::chrono::seconds(0)).get(); }

    std::future<void> stop(std::chrono::seconds grace)
    {
        return asio::co_spawn(running_.get(), stop_once(grace), asio::use_future);
    }

    asio::awaitable<void> stop_once(std::chrono::seconds grace)
    {
        if (!std::exchange(stopped_, true))
            co_await listener_->stop(std::chrono::steady_clock::now() + grace);
    }

    asio::awaitable<void> send_stream(exchange& asked)
    {
        asked.start_stream("text/plain", {});
        co_await asked.write("first ");
        co_await asked.write_file(::fileno(file_.get()), 3, 4);
        if (is_whole_)
            co_await asked.finish();
    }

    asio::awaitable<void> wait_forever()
    {
        struct at_end {
            std::promise<void>& done;
            ~at_end() { done.set_value(); }
        } const tell{handler_ended_};
        handler_began_.set_value();
        asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await never.async_wait(asio::use_awaitable);
    }

    tcp::socket connect()
    {
        tcp::socket socket(client_);
        socket.connect(listener_->endpoint());
        return socket;
    }

    /// Sends, and reads until the server closes; "RESET" at the end if it does so with a reset.
    std::string talk(const std::string& request)
    {
        auto socket = connect();
        asio::write(socket, asio::buffer(request));
        return read_all(socket);
    }

    static std::string read_all(tcp::socket& socket)
    {
        std::string text;
        boost::system::error_code ec;
        asio::read(socket, asio::dynamic_buffer(text), ec);
        return ec == asio::error::eof ? text : text + "RESET";
    }

    static std::string get(const std::string& path, const std::string& version = "1.1")
    {
        return "GET " + path + " HTTP/" + version + "\r\nHost: x\r\n\r\n";
    }

    struct closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, closer> file_ = [] {
        std::unique_ptr<std::FILE, closer> file(std::tmpfile());
        std::fputs("abcdefghij", file.get());
        std::fflush(file.get());
        return file;
    }();
    bool is_whole_ = true;
    bool stopped_ = false;
    std::promise<void> handler_began_;
    std::promise<void> handler_ended_;
    router routes_;
    test::running_context running_;
    test::running_context second_;
    asio::io_context client_;
    std::optional<listener> listener_;
};

TEST_F(Listener, ServesRequestsOfOneConnectionInOrder)
{
    std::string requests;
    for (const std::string word : {"one", "two", "six"})
        requests += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" + word;
    const std::string answers = talk(requests);
    EXPECT_LT(answers.find("\r\n\r\none"), answers.find("\r\n\r\ntwo"));
    EXPECT_LT(answers.find("\r\n\r\ntwo"), answers.find("\r\n\r\nsix"));
    EXPECT_THAT(answers, EndsWith("six")); // and then the idle timeout closes
}

TEST_F(Listener, StreamsInChunksWithFileBytesBetween)
{
    EXPECT_THAT(talk(get("/stream")), EndsWith("\r\n\r\n6\r\nfirst \r\n4\r\ndefg\r\n0\r\n\r\n"));
}

TEST_F(Listener, StreamsToHttp10ByClosing)
{
    const auto answer = talk(get("/stream", "1.0"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\nfirst defg"));
    EXPECT_THAT(answer, testing::Not(HasSubstr("Transfer-Encoding")));
}

TEST_F(Listener, AnUnfinishedStreamCannotBeTakenForWhole)
{
    is_whole_ = false;
    EXPECT_THAT(talk(get("/stream")), EndsWith("4\r\ndefg\r\n"));
    EXPECT_THAT(talk(get("/stream", "1.0")), EndsWith("RESET"));
}

TEST_F(Listener, AHandlersBugIsA500ThatTellsNothing)
{
    for (const auto* path : {"/fail", "/fail-now"}) {
        const auto answer = talk(get(path));
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
        EXPECT_THAT(answer, testing::Not(HasSubstr("secret")));
    }
}

TEST_F(Listener, AnswersAtOnceWhereAHandlerCan)
{
    EXPECT_THAT(talk(get("/now", "1.0")), testing::AllOf(StartsWith("HTTP/1.0 200"), EndsWith("\r\n\r\n/now")));
    EXPECT_THAT(talk("HEAD /now HTTP/1.0\r\n\r\n"),
                testing::AllOf(HasSubstr("\r\nContent-Length: 4\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(Listener, TheClientsLeavingCancelsTheHandler)
{
    {
        auto socket = connect();
        asio::write(socket, asio::buffer(get("/wait")));
        handler_began_.get_future().get();
    }
    EXPECT_EQ(handler_ended_.get_future().wait_for(test::patience), std::future_status::ready);
}

TEST_F(Listener, AClientThatTakesNothingIsCutOff)
{
    auto socket = connect();
    asio::write(socket, asio::buffer(get("/endless")));
    std::string begin;
    asio::read_until(socket, asio::dynamic_buffer(begin), "\r\n\r\n");
    // Grace beyond all patience: this returns only because the write deadline ends the session.
    EXPECT_EQ(stop(test::patience * 10).wait_for(test::patience), std::future_status::ready);
}

TEST_F(Listener, AClientThatTakesALittleNowAndThenIsCutOff)
{
    tcp::socket socket(client_, tcp::v4());
    socket.set_option(asio::socket_base::receive_buffer_size(4096));
    socket.connect(listener_->endpoint());
    asio::write(socket, asio::buffer(get("/endless")));
    std::string little(100, '\0');
    asio::read(socket, asio::buffer(little));
    const auto stopped = stop(test::patience * 10); // waits for the answer's end
    asio::steady_timer pause(client_);
    boost::system::error_code ec;
    const auto deadline = std::chrono::steady_clock::now() + test::patience;
    while (!ec && std::chrono::steady_clock::now() < deadline) {
        pause.expires_after(std::chrono::milliseconds(20));
        pause.wait();
        asio::read(socket, asio::buffer(little), ec);
        if (stopped.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
            return;
    }
    ADD_FAILURE() << "it is still being served";
}

TEST_F(Listener, WhatIsMalformedOrTooLargeIsRefusedWithABody)
{
    EXPECT_THAT(talk("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(talk("GET /stream HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400")); // no Host
    const std::string much(20'000, 'x');
    EXPECT_THAT(talk("GET /" + much + " HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 414"));
    EXPECT_THAT(talk("GET / HTTP/1.1\r\nHost: x\r\nX: " + much + "\r\n\r\n"), StartsWith("HTTP/1.1 431"));
    const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\n";
    EXPECT_THAT(talk(head + "Content-Length: 65537\r\n\r\n"), StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(talk(head + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + std::string(65537, 'x') + "\r\n0\r\n\r\n"),
                StartsWith("HTTP/1.1 413"));
}

TEST_F(Listener, SlowRequestsAreClosed)
{
    EXPECT_EQ(talk(""), "");
    EXPECT_EQ(talk("GET /str"), "");
    EXPECT_EQ(talk("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\no"), "");
}

TEST_F(Listener, WhileStoppingOpenConnectionsGetA503)
{
    auto waiting = connect();
    asio::write(waiting, asio::buffer(get("/wait")));
    handler_began_.get_future().get();
    auto open = connect();
    const auto ask = [&open] {
        std::string answer;
        asio::write(open, asio::buffer(get("/stream")));
        asio::read_until(open, asio::dynamic_buffer(answer), "\r\n\r\n");
        if (answer.starts_with("HTTP/1.1 200") && !answer.ends_with("0\r\n\r\n"))
            asio::read_until(open, asio::dynamic_buffer(answer), "0\r\n\r\n");
        return answer;
    };
    EXPECT_THAT(ask(), StartsWith("HTTP/1.1 200"));
    const auto stopped = stop(test::patience);
    std::string last;
    do // the stop begins on another thread
        last = ask();
    while (last.starts_with("HTTP/1.1 200"));
    last += read_all(open);
    EXPECT_THAT(last, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(last, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(last, HasSubstr("Retry-After: "));
    waiting.close();
    EXPECT_EQ(stopped.wait_for(test::patience), std::future_status::ready);
}

} // namespace
} // namespace ttsave::http
