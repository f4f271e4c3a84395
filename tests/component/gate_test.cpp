// The gate between a client that plays the extractor and a scripted server that plays the configured proxy.

#include "egress/gate.hpp"

#include "core/socket_pair.hpp"
#include "received_descriptor.hpp"
#include "running.hpp"
#include "scripted_server.hpp"
#include "ways.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

#include <sys/socket.h>

#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ttsave::egress {
namespace {

namespace asio = boost::asio;
using test::receive_descriptor;
using test::scripted_connection;
using test::scripted_server;

std::optional<unique_fd> ask_for_connection(int socket)
{
    return ::send(socket, "?", 1, MSG_NOSIGNAL) == 1 ? receive_descriptor(socket) : std::nullopt;
}

/// The other end of a connection that the gate hands out; blocking.
class gate_client {
public:
    explicit gate_client(const unique_fd& asks)
        : socket_(context_, asio::local::stream_protocol(), ask_for_connection(asks.get()).value().release())
    {
    }

    std::string ask(const std::string& target, const std::string& method = "CONNECT")
    {
        asio::write(socket_, asio::buffer(method + ' ' + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n"));
        return read_until("\r\n\r\n");
    }

    std::string read_until(const std::string& end)
    {
        boost::system::error_code ec;
        const auto count = asio::read_until(socket_, asio::dynamic_buffer(buffer_), end, ec);
        std::string text = buffer_.substr(0, ec ? buffer_.size() : count);
        buffer_.erase(0, text.size());
        return text;
    }

    void send(const std::string& bytes) { asio::write(socket_, asio::buffer(bytes)); }

private:
    asio::io_context context_;
    gate::socket socket_;
    std::string buffer_;
};

class Gate : public testing::Test {
protected:
    Gate()
        : proxy_([](scripted_connection& peer, std::size_t) {
              const auto request = peer.read_head();
              if (request.find("slow") != std::string::npos)
                  return peer.wait_for_close();
              peer.send(request.find("refused") == std::string::npos ? "HTTP/1.1 200 OK\r\n\r\n"
                                                                     : "HTTP/1.1 502 Bad Gateway\r\n\r\n");
              peer.send(request.substr(0, request.find("\r\n")) + ": " + peer.read_head());
              peer.wait_for_close();
          }),
          gate_(std::in_place, running_.get().get_executor())
    {
        on_gate([this] {
            auto admitted = gate_->admit().value();
            pass_ = std::move(admitted.permission);
            asks_ = std::move(admitted.asks);
            pass_->open(test::through(proxy_.url()));
        });
    }

    ~Gate() override
    {
        auto stop = [this]() -> asio::awaitable<void> {
            co_await gate_->stop();
            pass_.reset();
        };
        asio::co_spawn(running_.get(), stop(), asio::use_future).get();
    }

    template <typename Function>
    void on_gate(Function function)
    {
        auto call = [&function]() -> asio::awaitable<void> {
            function();
            co_return;
        };
        asio::co_spawn(running_.get(), call(), asio::use_future).get();
    }

    test::running_context running_;
    scripted_server proxy_;
    std::optional<gate> gate_;
    std::shared_ptr<gate::pass> pass_;
    unique_fd asks_;
};

TEST_F(Gate, RelaysToTikTokThroughTheConfiguredProxy)
{
    gate_client client(asks_);
    EXPECT_THAT(client.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    client.send("hello\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "CONNECT www.tiktok.com:443 HTTP/1.1: hello\r\n\r\n");
}

TEST_F(Gate, LetsNothingElseThrough)
{
    for (const std::string target :
         {"evil.example:443", "tiktok.com.evil.example:443", "nottiktok.com:443", "www.tiktok.com:80",
          "www.tiktok.com:22", "127.0.0.1:443", "[::1]:443", "x@tiktok.com", "evil.example/.tiktok.com:443"})
        EXPECT_THAT(gate_client(asks_).ask(target), testing::StartsWith("HTTP/1.1 403")) << target;
    EXPECT_THAT(gate_client(asks_).ask("http://www.tiktok.com/", "GET"), testing::StartsWith("HTTP/1.1 403"));
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_F(Gate, HangsUpOnWhatIsNoRequest)
{
    const std::string line = "CONNECT www.tiktok.com:443 HTTP/1.1\r\n";
    for (const auto& text : {std::string("\x16\x03\x01\r\n\r\n"), line + std::string(9'000, 'x'),
                             line + "Content-Length: 1\r\n\r\n", line + "\r\nmore"}) {
        gate_client client(asks_);
        client.send(text);
        EXPECT_EQ(client.read_until("\r\n\r\n"), "") << text.substr(0, 100);
    }
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_F(Gate, TellsThatTheHostCannotBeReached)
{
    EXPECT_THAT(gate_client(asks_).ask("refused.tiktok.com:443"), testing::StartsWith("HTTP/1.1 502"));
}

TEST_F(Gate, ACutPassEndsConnectionsAndAdmitsNoOthers)
{
    gate_client client(asks_);
    EXPECT_THAT(client.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    on_gate([this] { pass_->cut(); });
    EXPECT_EQ(client.read_until("\r\n\r\n"), "");
    EXPECT_THAT(gate_client(asks_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 403"));
    on_gate([this] { pass_->open(test::through(proxy_.url())); });
    EXPECT_THAT(gate_client(asks_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
}

TEST_F(Gate, ACutPassAbandonsAConnectionThatIsBeingMade)
{
    gate_client client(asks_);
    auto answer = std::async(std::launch::async, [&client] { return client.ask("slow.tiktok.com:443"); });
    while (proxy_.connections() == 0)
        std::this_thread::yield();
    on_gate([this] { pass_->cut(); });
    EXPECT_EQ(answer.get(), "");
}

TEST_F(Gate, HoldsItAgainstTheWayWhenATunnelCannotBeMade)
{
    const auto way = test::through(proxy_.url());
    on_gate([&] { pass_->open(way); });
    EXPECT_THAT(gate_client(asks_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    EXPECT_FALSE(way.has_failed());
    EXPECT_THAT(gate_client(asks_).ask("refused.tiktok.com:443"), testing::StartsWith("HTTP/1.1 502"));
    EXPECT_TRUE(way.has_failed());
}

TEST_F(Gate, HandsOutNoMoreThanSoManyConnectionsAtOnce)
{
    std::vector<unique_fd> handed;
    for (auto next = ask_for_connection(asks_.get()); next && next->get() >= 0; next = ask_for_connection(asks_.get()))
        handed.push_back(std::move(*next));
    EXPECT_EQ(handed.size(), gate::most_connections);
    handed.clear(); // the gate may not have noticed at once
    while (ask_for_connection(asks_.get()).value().get() < 0)
        std::this_thread::yield();
    EXPECT_THAT(gate_client(asks_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
}

TEST_F(Gate, TakesGarbageForSoManyAsks)
{
    constexpr std::size_t asks = 5'000;
    const std::string garbage(asks, '\xff');
    auto sending =
        std::async(std::launch::async, [&] { ::send(asks_.get(), garbage.data(), garbage.size(), MSG_NOSIGNAL); });
    std::size_t connections = 0;
    for (std::size_t count = 0; count < asks; ++count)
        connections += receive_descriptor(asks_.get()).value().get() >= 0 ? 1 : 0;
    sending.get();
    EXPECT_GE(connections, gate::most_connections);
    while (ask_for_connection(asks_.get()).value().get() < 0)
        std::this_thread::yield();
    EXPECT_THAT(gate_client(asks_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
}

TEST_F(Gate, WaitsForOneWhoTakesNoAnswersAndServesOthers)
{
    const std::string endless(1 << 20, '?'); // more than both directions hold
    auto sending =
        std::async(std::launch::async, [&] { ::send(asks_.get(), endless.data(), endless.size(), MSG_NOSIGNAL); });
    std::optional<gate::admission> other;
    on_gate([&] {
        other = gate_->admit().value();
        other->permission->open(test::through(proxy_.url()));
    });
    EXPECT_THAT(gate_client(other->asks).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    on_gate([&] { other->permission.reset(); });
    ::shutdown(asks_.get(), SHUT_RDWR); // else it sends for ever
}

TEST_F(Gate, APassThatEndsTakesItsConnectionsAlong)
{
    gate_client client(asks_);
    EXPECT_THAT(client.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    gate_client unused(asks_);
    on_gate([this] { pass_.reset(); });
    EXPECT_EQ(client.read_until("\r\n\r\n"), "");
    EXPECT_EQ(unused.read_until("\r\n\r\n"), "");
    EXPECT_FALSE(ask_for_connection(asks_.get()));
}

TEST_F(Gate, KeepsNoDescriptors)
{
    const auto open_descriptors = [] {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return std::distance(begin(all), end(all));
    };
    gate_client(asks_).ask("www.tiktok.com:443"); // opens what stays open
    const auto before = open_descriptors();
    for (int round = 0; round < 20; ++round) {
        gate_client tunnel(asks_);
        EXPECT_THAT(tunnel.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
        gate_client refused(asks_);
        refused.ask("evil.example:443");
        const gate_client unused(asks_);
        ASSERT_FALSE(send_descriptor(asks_.get(), asks_.get())); // an ask, too
        receive_descriptor(asks_.get());
        on_gate([this] {
            pass_->cut();
            pass_->open(test::through(proxy_.url()));
        });
        EXPECT_EQ(tunnel.read_until("\r\n\r\n"), "");
    }
    for (const auto deadline = std::chrono::steady_clock::now() + test::patience;
         open_descriptors() > before && std::chrono::steady_clock::now() < deadline;)
        std::this_thread::yield();
    EXPECT_LE(open_descriptors(), before);
}

} // namespace
} // namespace ttsave::egress
