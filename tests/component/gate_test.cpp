// The gate between a client that plays the extractor and a scripted server that plays the configured proxy.

#include "egress/gate.hpp"

#include "core/base64.hpp"
#include "running.hpp"
#include "scripted_server.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

#include <future>
#include <optional>

namespace ttsave::egress {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using test::scripted_connection;
using test::scripted_server;

/// Its end of a connection to the gate; blocking.
class gate_client {
public:
    explicit gate_client(const std::string& proxy_url)
        : credentials_(proxy_url.substr(7, proxy_url.find('@') - 7)), socket_(context_)
    {
        const auto port = static_cast<std::uint16_t>(std::stoi(proxy_url.substr(proxy_url.rfind(':') + 1)));
        socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    }

    std::string ask(const std::string& target, const std::string& method = "CONNECT", bool is_authorised = true)
    {
        std::string request = method + ' ' + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
        if (is_authorised)
            request += "Proxy-Authorization: Basic " + base64_encode(credentials_) + "\r\n";
        asio::write(socket_, asio::buffer(request + "\r\n"));
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
    const std::string credentials_;
    asio::io_context context_;
    tcp::socket socket_;
    std::string buffer_;
};

class Gate : public testing::Test {
protected:
    Gate()
        : proxy_([this](scripted_connection& peer, std::size_t) {
              request_ = peer.read_head();
              if (request_.find("slow") != std::string::npos)
                  return peer.wait_for_close();
              peer.send(request_.find("refused") == std::string::npos ? "HTTP/1.1 200 OK\r\n\r\n"
                                                                      : "HTTP/1.1 502 Bad Gateway\r\n\r\n");
              peer.send("echo " + peer.read_head());
              peer.wait_for_close();
          }),
          gate_(std::in_place, running_.get().get_executor(), net::network_options{proxy_.url(), {}})
    {
        on_gate([this] {
            pass_ = gate_->admit();
            pass_->open();
            url_ = gate_->proxy_url(*pass_);
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

    std::string request_;
    test::running_context running_;
    scripted_server proxy_;
    std::optional<gate> gate_;
    std::shared_ptr<gate::pass> pass_;
    std::string url_;
};

TEST_F(Gate, RelaysToTikTokThroughTheConfiguredProxy)
{
    gate_client client(url_);
    EXPECT_THAT(client.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    client.send("hello\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "echo hello\r\n\r\n");
    EXPECT_THAT(request_, testing::StartsWith("CONNECT www.tiktok.com:443 HTTP/1.1\r\n"));
}

TEST_F(Gate, LetsNothingElseThrough)
{
    for (const std::string target :
         {"evil.example:443", "tiktok.com.evil.example:443", "nottiktok.com:443", "www.tiktok.com:80",
          "www.tiktok.com:22", "127.0.0.1:443", "[::1]:443", "x@tiktok.com", "evil.example/.tiktok.com:443"})
        EXPECT_THAT(gate_client(url_).ask(target), testing::StartsWith("HTTP/1.1 403")) << target;
    EXPECT_THAT(gate_client(url_).ask("http://www.tiktok.com/", "GET"), testing::StartsWith("HTTP/1.1 403"));
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_F(Gate, WantsCredentials)
{
    EXPECT_THAT(gate_client(url_).ask("www.tiktok.com:443", "CONNECT", false), testing::StartsWith("HTTP/1.1 407"));
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_F(Gate, HangsUpOnWhatIsNoRequest)
{
    const std::string line = "CONNECT www.tiktok.com:443 HTTP/1.1\r\n";
    for (const auto& text : {std::string("\x16\x03\x01\r\n\r\n"), line + std::string(9'000, 'x'),
                             line + "Content-Length: 1\r\n\r\n", line + "\r\nmore"}) {
        gate_client client(url_);
        client.send(text);
        EXPECT_EQ(client.read_until("\r\n\r\n"), "") << text.substr(0, 100);
    }
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_F(Gate, TellsThatTheHostCannotBeReached)
{
    EXPECT_THAT(gate_client(url_).ask("refused.tiktok.com:443"), testing::StartsWith("HTTP/1.1 502"));
}

TEST_F(Gate, ACutPassEndsConnectionsAndAdmitsNoOthers)
{
    gate_client client(url_);
    EXPECT_THAT(client.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    on_gate([this] { pass_->cut(); });
    EXPECT_EQ(client.read_until("\r\n\r\n"), "");
    EXPECT_THAT(gate_client(url_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 403"));
    on_gate([this] { pass_->open(); });
    EXPECT_THAT(gate_client(url_).ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
}

TEST_F(Gate, ACutPassAbandonsAConnectionThatIsBeingMade)
{
    gate_client client(url_);
    auto answer = std::async(std::launch::async, [&client] { return client.ask("slow.tiktok.com:443"); });
    while (proxy_.connections() == 0)
        std::this_thread::yield();
    on_gate([this] { pass_->cut(); });
    EXPECT_EQ(answer.get(), "");
}

} // namespace
} // namespace ttsave::egress
