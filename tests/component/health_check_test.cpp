#include "app/health_check.hpp"

#include "running.hpp"
#include "scripted_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <string>

namespace ttsave::app {
namespace {

using test::scripted_connection;
using test::scripted_server;
using testing::EndsWith;
using testing::StartsWith;

settings::settings on(std::uint16_t port, const std::string& address = "127.0.0.1")
{
    settings::settings chosen;
    chosen.address = address;
    chosen.port = port;
    return chosen;
}

std::string place(std::uint16_t port)
{
    return "127.0.0.1:" + std::to_string(port);
}

/// What is found wrong with a server that answers so and then closes; empty for nothing.
std::string problem_with(const std::string& answer)
{
    const scripted_server server([&answer](scripted_connection& connection, std::size_t) {
        connection.read_head();
        connection.send(answer);
    });
    return health_problem(on(server.port()), test::patience).value_or("");
}

TEST(HealthCheck, AsksForHealthzAndIsContentWith200)
{
    std::string asked;
    std::uint16_t port = 0;
    {
        const scripted_server server([&asked](scripted_connection& connection, std::size_t) {
            asked = connection.read_head();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        port = server.port();
        EXPECT_EQ(health_problem(on(port), test::patience), std::nullopt);
    }
    EXPECT_EQ(asked, "GET /healthz HTTP/1.1\r\nHost: " + place(port) + "\r\nConnection: close\r\n\r\n");
}

TEST(HealthCheck, IsContentWithNothingElse)
{
    EXPECT_EQ(problem_with("HTTP/1.0 200 OK\r\n\r\n"), "");
    EXPECT_EQ(problem_with("HTTP/1.1 200\r\n\r\n"), "") << "the reason may be left out";
    EXPECT_THAT(problem_with("HTTP/1.1 503 Service Unavailable\r\n\r\n"), EndsWith(" answers with status 503"));
    EXPECT_THAT(problem_with("HTTP/1.1 404 Not Found\r\n\r\n"), EndsWith(" answers with status 404"));
    for (const auto* other : {"SSH-2.0-OpenSSH\r\n", "\r\n", "HTTP/1.1\r\n", "HTTP/1.1 20\r\n", "HTTP/1.1 2x0 OK\r\n"})
        EXPECT_THAT(problem_with(other), EndsWith(" answers with something that is not HTTP")) << other;
}

TEST(HealthCheck, SaysThatThereIsNoAnswer)
{
    EXPECT_THAT(problem_with(""), testing::HasSubstr(" does not answer: "));
    EXPECT_THAT(problem_with("HTTP/1.1 200 OK"), testing::HasSubstr(" does not answer: ")) << "half a line";
    EXPECT_THAT(problem_with(std::string(100'000, 'x')), testing::HasSubstr(" does not answer: ")) << "without an end";
}

TEST(HealthCheck, DoesNotWaitForEver)
{
    const scripted_server server([](scripted_connection& connection, std::size_t) { connection.wait_for_close(); });
    EXPECT_EQ(health_problem(on(server.port()), std::chrono::milliseconds(250)),
              place(server.port()) + " does not answer within 0.25 s");
}

TEST(HealthCheck, AsksOverLoopbackWhereTheServerListensOnAnyAddress)
{
    const scripted_server server([](scripted_connection& connection, std::size_t) {
        connection.read_head();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
    });
    EXPECT_EQ(health_problem(on(server.port(), "0.0.0.0"), test::patience), std::nullopt);
    // Nobody is there, whether this machine has IPv6 or not.
    EXPECT_THAT(health_problem(on(server.port(), "::"), test::patience).value_or(""),
                StartsWith("[::1]:" + std::to_string(server.port()) + " does not answer: "));
}

TEST(HealthCheck, SaysThatNobodyListens)
{
    std::uint16_t port = 0;
    {
        boost::asio::io_context context;
        const boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
        port = acceptor.local_endpoint().port();
    }
    EXPECT_EQ(health_problem(on(port), test::patience), place(port) + " does not answer: Connection refused");
    EXPECT_THAT(health_problem(on(0)).value_or(""), StartsWith("port is 0"));
}

} // namespace
} // namespace ttsave::app
