// How many clients may be connected: the http room over real sockets, with handlers made for the purpose.

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

#include <future>
#include <optional>
#include <semaphore>

namespace ttsave::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// Beyond anything a test waits for: what ends earlier was not ended by a deadline of the server.
constexpr auto beyond_patience = test::patience * 10;

const std::string get = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string wait = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";

auto is_refusal()
{
    return AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("\r\nRetry-After: "), HasSubstr("\r\nConnection: close\r\n"),
                 EndsWith("{\"detail\":\"Service Unavailable\"}"));
}

class ClientLimit : public testing::Test {
protected:
    ClientLimit()
    {
        const auto pong = [](exchange& asked) -> asio::awaitable<void> {
            response answer{status::ok, "text/plain", "pong", {}};
            co_await asked.respond(std::move(answer));
        };
        routes_.add({"/ping", {verb::get}, body_policy::ignore, pong});
        const auto wait_forever = [this](exchange&) -> asio::awaitable<void> {
            begun_.release();
            asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
            co_await never.async_wait(asio::use_awaitable);
        };
        routes_.add({"/wait", {verb::get}, body_policy::ignore, wait_forever});
        bounds_.idle = beyond_patience;
        bounds_.header = beyond_patience;
        bounds_.linger = beyond_patience;
    }

    ~ClientLimit() override
    {
        if (listener_) {
            EXPECT_EQ(stop().wait_for(test::patience), std::future_status::ready);
        }
    }

    void start(std::size_t clients)
    {
        bounds_.clients = clients;
        listener_.emplace(std::vector<asio::any_io_executor>{one_.get().get_executor(), two_.get().get_executor()},
                          bind_acceptor(one_.get().get_executor(), {asio::ip::address_v4::loopback(), 0}), routes_,
                          bounds_);
        listener_->start();
    }

    std::future<void> stop()
    {
        return asio::co_spawn(one_.get(), listener_->stop(std::chrono::steady_clock::now()), asio::use_future);
    }

    tcp::socket connect()
    {
        tcp::socket socket(client_);
        socket.connect(listener_->endpoint());
        return socket;
    }

    /// A client in the middle of a request.
    tcp::socket busy()
    {
        auto socket = connect();
        begin(socket);
        return socket;
    }

    void begin(tcp::socket& socket)
    {
        asio::write(socket, asio::buffer(wait));
        EXPECT_TRUE(begun_.try_acquire_for(test::patience));
    }

    /// The answer to a ping on a connection that stays open.
    static std::string ping(tcp::socket& socket)
    {
        std::string answer;
        boost::system::error_code ec;
        asio::write(socket, asio::buffer(get), ec);
        asio::read_until(socket, asio::dynamic_buffer(answer), "pong", ec);
        return answer;
    }

    /// Whether a new client is served before long.
    bool is_served_at_last()
    {
        const auto deadline = std::chrono::steady_clock::now() + test::patience;
        while (std::chrono::steady_clock::now() < deadline) {
            auto next = connect();
            if (ping(next).starts_with("HTTP/1.1 200"))
                return true;
        }
        return false;
    }

    /// What comes until the server closes; "RESET" at the end if it does so with a reset.
    static std::string read_all(tcp::socket& socket)
    {
        std::string text;
        boost::system::error_code ec;
        asio::read(socket, asio::dynamic_buffer(text), ec);
        return ec == asio::error::eof ? text : text + "RESET";
    }

    std::counting_semaphore<> begun_{0};
    limits bounds_;
    router routes_;
    test::running_context one_;
    test::running_context two_;
    asio::io_context client_;
    std::optional<listener> listener_;
};

TEST_F(ClientLimit, BeyondItA503ComesWithoutARequest)
{
    start(2);
    const auto first = busy();
    const auto second = busy();
    auto third = connect();
    EXPECT_THAT(read_all(third), is_refusal());
}

TEST_F(ClientLimit, ARefusedClientThatStillSendsSeesTheAnswer)
{
    start(1);
    const auto first = busy();
    auto refused = connect();
    const std::string body(64 * 1024, 'x');
    for (int piece = 0; piece < 8; ++piece)
        asio::write(refused, asio::buffer(body));
    EXPECT_THAT(read_all(refused), is_refusal());
}

TEST_F(ClientLimit, ARefusedClientCannotSendForever)
{
    start(1);
    const auto first = busy();
    auto refused = connect();
    const std::string body(64 * 1024, 'x');
    boost::system::error_code ec;
    for (int piece = 0; piece < 1024 && !ec; ++piece)
        asio::write(refused, asio::buffer(body), ec);
    EXPECT_TRUE(ec);
}

TEST_F(ClientLimit, WhenOneLeavesANewOneIsServed)
{
    start(1);
    auto first = busy();
    auto refused = connect();
    EXPECT_THAT(read_all(refused), is_refusal());
    first.close();
    EXPECT_TRUE(is_served_at_last());
}

TEST_F(ClientLimit, AConnectionBetweenTwoRequestsMakesRoom)
{
    start(1);
    auto idle = connect();
    ASSERT_THAT(ping(idle), StartsWith("HTTP/1.1 200"));
    EXPECT_TRUE(is_served_at_last()); // at first the server may not yet have turned to the next request
    EXPECT_EQ(read_all(idle), "");
}

TEST_F(ClientLimit, NobodyMakesRoomOnceItHasAsked)
{
    start(2);
    const auto first = busy();
    auto used = connect();
    ASSERT_THAT(ping(used), StartsWith("HTTP/1.1 200"));
    begin(used);
    auto refused = connect();
    EXPECT_THAT(read_all(refused), is_refusal());
}

TEST_F(ClientLimit, WhoKeepsTheServerWaitingMakesRoom)
{
    for (const std::string sent : {"", "GET /pi", "GET /ping HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc"}) {
        start(1);
        auto slow = connect();
        asio::write(slow, asio::buffer(sent));
        EXPECT_TRUE(is_served_at_last()) << sent;
        EXPECT_THAT(read_all(slow), AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("Service Unavailable"))) << sent;
        EXPECT_EQ(stop().wait_for(test::patience), std::future_status::ready);
        listener_.reset();
    }
}

TEST_F(ClientLimit, WhoWasRefusedMakesRoomAndIsToldNothingElse)
{
    start(1);
    auto refused = connect();
    asio::write(refused, asio::buffer(std::string("GET no path HTTP/1.1\r\nHost: x\r\n\r\n")));
    std::string answer;
    asio::read_until(refused, asio::dynamic_buffer(answer), "\r\n\r\n");
    EXPECT_TRUE(is_served_at_last());
    answer += read_all(refused);
    EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 400"), testing::Not(HasSubstr("503"))));
}

TEST_F(ClientLimit, OfManyAtOnceOnlySomeAreToldSo)
{
    bounds_.refused = 2;
    start(1);
    const auto first = busy();
    auto second = connect();
    auto third = connect();
    auto fourth = connect();
    EXPECT_THAT(read_all(second), is_refusal());
    EXPECT_THAT(read_all(third), is_refusal());
    EXPECT_EQ(read_all(fourth), "");
}

TEST_F(ClientLimit, StoppingDoesNotWaitForThoseWhoAreRefused)
{
    start(1);
    const auto first = busy();
    auto refused = connect();
    EXPECT_THAT(read_all(refused), is_refusal()); // and goes on holding its side open
    EXPECT_EQ(stop().wait_for(test::patience), std::future_status::ready);
    listener_.reset();
}

TEST(ClientPlaces, TheOneOnOfferForLongestGoesFirst)
{
    client_places places(3);
    const auto first = places.take();
    const auto second = places.take();
    const auto third = places.take();
    EXPECT_EQ(places.take(), nullptr);
    first->offer();
    second->offer();
    EXPECT_TRUE(first->keep());
    first->offer();
    const auto instead_of_second = places.take();
    EXPECT_TRUE(instead_of_second);
    EXPECT_FALSE(second->keep());
    EXPECT_TRUE(first->keep());
    EXPECT_TRUE(third->keep());
    EXPECT_EQ(places.take(), nullptr);
}

TEST(ClientPlaces, CanBecomeMoreOrLess)
{
    client_places places(1);
    auto first = places.take();
    places.set_most(3);
    auto second = places.take();
    auto third = places.take();
    EXPECT_TRUE(third);
    EXPECT_EQ(places.take(), nullptr);
    places.set_most(1);
    EXPECT_EQ(places.most(), 1u);
    first->offer();
    EXPECT_EQ(places.take(), nullptr) << "there are two more";
    EXPECT_FALSE(first->keep()) << "none of whom is to stay beyond need";
    second->offer();
    third->offer();
    EXPECT_TRUE(places.take());
    EXPECT_FALSE(second->keep());
    EXPECT_FALSE(third->keep());
}

TEST(ClientPlaces, EachIsGivenBackOnce)
{
    client_places places(1);
    auto lost = places.take();
    lost->offer();
    auto taken = places.take();
    lost.reset();
    EXPECT_EQ(places.take(), nullptr);
    taken.reset();
    EXPECT_NE(places.take(), nullptr);
}

} // namespace
} // namespace ttsave::http
