// When it is held against a proxy that a tunnel cannot be made through it.

#include "net/outbound_tunnel.hpp"

#include "scripted_server.hpp"
#include "ways.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>

namespace ttsave::net {
namespace {

using test::scripted_connection;
using test::scripted_server;

class OutboundTunnel : public testing::Test {
protected:
    bool connects(const route& way) { return connect_tunnel({}, way, "www.tiktok.com", 443, abandoned_).has_value(); }

    /// Whether a proxy that answers CONNECT so is at fault.
    bool is_at_fault(const std::string& answer)
    {
        scripted_server proxy([&answer](scripted_connection& peer, std::size_t) {
            peer.read_head();
            peer.send(answer);
        });
        const auto way = test::through(proxy.url());
        EXPECT_EQ(connects(way), answer.find(" 200 ") != std::string::npos);
        return way.has_failed();
    }

    std::atomic<bool> abandoned_ = false;
};

TEST_F(OutboundTunnel, AProxyThatConnectsIsNotAtFault)
{
    EXPECT_FALSE(is_at_fault("HTTP/1.1 200 OK\r\n\r\n"));
}

TEST_F(OutboundTunnel, OneThatRefusesOrCannotOrIsNoneIs)
{
    EXPECT_TRUE(is_at_fault("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"));
    EXPECT_TRUE(is_at_fault("HTTP/1.1 403 Forbidden\r\n\r\n"));
    EXPECT_TRUE(is_at_fault("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    EXPECT_TRUE(is_at_fault("SSH-2.0-OpenSSH_9.2\r\n"));
    EXPECT_TRUE(is_at_fault(""));
}

TEST_F(OutboundTunnel, OneThatIsNotThereIs)
{
    std::string url;
    {
        const scripted_server gone([](scripted_connection&, std::size_t) {});
        url = gone.url();
    }
    for (const auto& each : {url, "socks5" + url.substr(4)}) {
        const auto way = test::through(each);
        EXPECT_FALSE(connects(way)) << each;
        EXPECT_TRUE(way.has_failed()) << each;
    }
}

TEST_F(OutboundTunnel, OneThatHangsIsIfItWasGivenTime)
{
    for (const auto given : {std::chrono::seconds(0), std::chrono::seconds(4)}) {
        scripted_server proxy([](scripted_connection& peer, std::size_t) { peer.wait_for_close(); });
        const auto way = test::through(proxy.url());
        abandoned_ = false;
        auto connecting = std::async(std::launch::async, [&] { return connects(way); });
        while (proxy.connections() == 0)
            std::this_thread::yield();
        connecting.wait_for(given);
        abandoned_ = true;
        EXPECT_FALSE(connecting.get());
        EXPECT_EQ(way.has_failed(), given > std::chrono::seconds(0));
    }
}

} // namespace
} // namespace ttsave::net
