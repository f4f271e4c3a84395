// The gate between a client that plays the extractor and a scripted server that plays the configured proxy.

#include "egress/gate.hpp"

#include "listened_thread.hpp"
#include "running.hpp"
#include "scripted_server.hpp"
#include "ways.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ttsave::egress {
namespace {

namespace asio = boost::asio;
using test::scripted_connection;
using test::scripted_server;

/// A connection to the gate; blocking.
class gate_client {
public:
    explicit gate_client(test::listened_thread& process)
        : socket_(context_, asio::local::stream_protocol(), process.run(test::connected_socket).release())
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
    asio::local::stream_protocol::socket socket_;
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
            pass_ = gate_->admit(process_.take_connects());
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
    test::listened_thread process_;
};

TEST_F(Gate, RelaysToTikTokThroughTheConfiguredProxy)
{
    gate_client client(process_);
    EXPECT_THAT(client.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    client.send("hello\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "CONNECT www.tiktok.com:443 HTTP/1.1: hello\r\n\r\n");
}

TEST_F(Gate, LetsNothingElseThrough)
{
    for (const std::string target :
         {"evil.example:443", "tiktok.com.evil.example:443", "nottiktok.com:443", "www.tiktok.com:80",
          "www.tiktok.com:22", "127.0.0.1:443", "[::1]:443", "x@tiktok.com", "evil.example/.tiktok.com:443"})
        EXPECT_THAT(gate_client(process_).ask(target), testing::StartsWith("HTTP/1.1 403")) << target;
    EXPECT_THAT(gate_client(process_).ask("http://www.tiktok.com/", "GET"), testing::StartsWith("HTTP/1.1 403"));
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_F(Gate, HangsUpOnWhatIsNoRequest)
{
    const std::string line = "CONNECT www.tiktok.com:443 HTTP/1.1\r\n";
    for (const auto& text : {std::string("\x16\x03\x01\r\n\r\n"), line + std::string(9'000, 'x'),
                             line + "Content-Length: 1\r\n\r\n", line + "\r\nmore"}) {
        gate_client client(process_);
        client.send(text);
        EXPECT_EQ(client.read_until("\r\n\r\n"), "") << text.substr(0, 100);
    }
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_F(Gate, TellsThatTheHostCannotBeReached)
{
    EXPECT_THAT(gate_client(process_).ask("refused.tiktok.com:443"), testing::StartsWith("HTTP/1.1 502"));
}

TEST_F(Gate, ACutPassEndsConnectionsAndAdmitsNoOthers)
{
    gate_client client(process_);
    EXPECT_THAT(client.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    on_gate([this] { pass_->cut(); });
    EXPECT_EQ(client.read_until("\r\n\r\n"), "");
    EXPECT_THAT(gate_client(process_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 403"));
    on_gate([this] { pass_->open(test::through(proxy_.url())); });
    EXPECT_THAT(gate_client(process_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
}

TEST_F(Gate, ACutPassAbandonsAConnectionThatIsBeingMade)
{
    gate_client client(process_);
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
    EXPECT_THAT(gate_client(process_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    EXPECT_FALSE(way.has_failed());
    EXPECT_THAT(gate_client(process_).ask("refused.tiktok.com:443"), testing::StartsWith("HTTP/1.1 502"));
    EXPECT_TRUE(way.has_failed());
}

TEST_F(Gate, HandsOutNoMoreThanSoManyConnectionsAtOnce)
{
    std::vector<unique_fd> handed;
    for (auto next = process_.run(test::connected_socket); next.get() >= 0; next = process_.run(test::connected_socket))
        handed.push_back(std::move(next));
    EXPECT_EQ(handed.size(), gate::most_connections);
    handed.clear(); // the gate may not have noticed at once
    while (process_.run(test::connected_socket).get() < 0)
        std::this_thread::yield();
    EXPECT_THAT(gate_client(process_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
}

TEST_F(Gate, ServesOthersWhileOneConnectsAgainAndAgain)
{
    std::atomic<bool> is_over = false;
    auto flooding = process_.start([&is_over] { // and its threads
        std::vector<std::future<void>> threads;
        for (int thread = 0; thread < 8; ++thread)
            threads.push_back(std::async(std::launch::async, [&is_over] {
                while (!is_over)
                    test::connected_socket();
            }));
    });
    test::listened_thread other;
    std::shared_ptr<gate::pass> permission;
    on_gate([&] {
        permission = gate_->admit(other.take_connects());
        permission->open(test::through(proxy_.url()));
    });
    for (int round = 0; round < 10; ++round)
        EXPECT_THAT(gate_client(other).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    is_over = true;
    flooding.get();
    on_gate([&] { permission.reset(); });
}

TEST_F(Gate, AdmitsOneWhoseConnectsItIsNotGiven)
{
    on_gate([this] { pass_ = gate_->admit(unique_fd()); });
    on_gate([this] { pass_->open(test::through(proxy_.url())); });
}

TEST_F(Gate, APassThatEndsTakesItsConnectionsAlong)
{
    gate_client client(process_);
    EXPECT_THAT(client.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    gate_client unused(process_);
    on_gate([this] { pass_.reset(); });
    EXPECT_EQ(client.read_until("\r\n\r\n"), "");
    EXPECT_EQ(unused.read_until("\r\n\r\n"), "");
    EXPECT_LT(process_.run(test::connected_socket).get(), 0);
}

TEST_F(Gate, KeepsNoDescriptors)
{
    const auto open_descriptors = [] {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return std::distance(begin(all), end(all));
    };
    gate_client(process_).ask("www.tiktok.com:443"); // opens what stays open
    const auto before = open_descriptors();
    for (int round = 0; round < 20; ++round) {
        gate_client tunnel(process_);
        EXPECT_THAT(tunnel.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
        gate_client refused(process_);
        refused.ask("evil.example:443");
        const gate_client unused(process_);
        const auto twice = process_.run(test::connected_socket);
        process_.run([&twice] { test::connect_to_gate(twice.get()); });
        process_.run([] { test::connect_to_gate(0); }); // no socket
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
