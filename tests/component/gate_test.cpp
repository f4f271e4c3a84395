// What passes the gate and what does not, however a process comes to it.

#include "gate_fixture.hpp"

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

using test::gate_client;

class Gate : public test::GateTest, public testing::WithParamInterface<entry> {
protected:
    Gate() : GateTest(GetParam()) {}
};

INSTANTIATE_TEST_SUITE_P(Entry, Gate, testing::Values(entry::handed, entry::port),
                         [](const auto& tested) { return tested.param == entry::handed ? "Handed" : "Port"; });

class GateThatHands : public test::GateTest {
protected:
    GateThatHands() : GateTest(entry::handed) {}
};

TEST_P(Gate, RelaysToTikTokThroughTheConfiguredProxy)
{
    auto asking = client();
    EXPECT_THAT(asking.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    asking.send("hello\r\n\r\n");
    EXPECT_EQ(asking.read_until("\r\n\r\n"), "CONNECT www.tiktok.com:443 HTTP/1.1: hello\r\n\r\n");
}

TEST_P(Gate, LetsNothingElseThrough)
{
    for (const std::string target :
         {"evil.example:443", "tiktok.com.evil.example:443", "nottiktok.com:443", "www.tiktok.com:80",
          "www.tiktok.com:22", "127.0.0.1:443", "[::1]:443", "x@tiktok.com", "evil.example/.tiktok.com:443"})
        EXPECT_THAT(client().ask(target), testing::StartsWith("HTTP/1.1 403")) << target;
    EXPECT_THAT(client().ask("http://www.tiktok.com/", "GET"), testing::StartsWith("HTTP/1.1 403"));
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_P(Gate, HangsUpOnWhatIsNoRequest)
{
    const std::string line = "CONNECT www.tiktok.com:443 HTTP/1.1\r\n";
    for (const auto& text : {std::string("\x16\x03\x01\r\n\r\n"), line + std::string(9'000, 'x'),
                             line + "Content-Length: 1\r\n\r\n", line + "\r\nmore"}) {
        auto asking = client();
        asking.send(text);
        EXPECT_TRUE(asking.is_hung_up_on()) << text.substr(0, 100);
    }
    EXPECT_EQ(proxy_.connections(), 0u);
}

TEST_P(Gate, TellsThatTheHostCannotBeReached)
{
    EXPECT_THAT(client().ask("refused.tiktok.com:443"), testing::StartsWith("HTTP/1.1 502"));
}

TEST_P(Gate, ACutPassEndsConnectionsAndAdmitsNoOthers)
{
    auto asking = client();
    EXPECT_THAT(asking.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    on_gate([this] { pass_->cut(); });
    EXPECT_TRUE(asking.is_hung_up_on());
    EXPECT_THAT(client().ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 403"));
    on_gate([this] { pass_->open(test::through(proxy_.url())); });
    EXPECT_THAT(client().ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
}

TEST_P(Gate, ACutPassAbandonsAConnectionThatIsBeingMade)
{
    auto asking = client();
    auto answer = std::async(std::launch::async, [&asking] { return asking.ask("slow.tiktok.com:443"); });
    while (proxy_.connections() == 0)
        std::this_thread::yield();
    on_gate([this] { pass_->cut(); });
    EXPECT_EQ(answer.get(), "");
}

TEST_P(Gate, HoldsItAgainstTheWayWhenATunnelCannotBeMade)
{
    const auto way = test::through(proxy_.url());
    on_gate([&] { pass_->open(way); });
    EXPECT_THAT(client().ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    EXPECT_FALSE(way.has_failed());
    EXPECT_THAT(client().ask("refused.tiktok.com:443"), testing::StartsWith("HTTP/1.1 502"));
    EXPECT_TRUE(way.has_failed());
}

TEST_F(GateThatHands, HandsOutNoMoreThanSoManyConnectionsAtOnce)
{
    std::vector<unique_fd> handed;
    for (auto next = connected(); next.get() >= 0; next = connected())
        handed.push_back(std::move(next));
    EXPECT_EQ(handed.size(), gate::most_connections);
    handed.clear(); // the gate may not have noticed at once
    while (connected().get() < 0)
        std::this_thread::yield();
    EXPECT_THAT(client().ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
}

TEST_F(GateThatHands, ServesOthersWhileOneConnectsAgainAndAgain)
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
    for (int round = 0; round < 10; ++round) {
        gate_client asking(other.run([] { return test::connected_socket(); }));
        EXPECT_THAT(asking.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    }
    is_over = true;
    flooding.get();
    on_gate([&] { permission.reset(); });
}

TEST_F(GateThatHands, AdmitsOneWhoseConnectsItIsNotGiven)
{
    on_gate([this] { pass_ = gate_->admit(unique_fd()); });
    on_gate([this] { pass_->open(test::through(proxy_.url())); });
}

TEST_P(Gate, APassThatEndsTakesItsConnectionsAlong)
{
    auto asking = client();
    EXPECT_THAT(asking.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
    on_gate([this] { pass_.reset(); });
    EXPECT_TRUE(asking.is_hung_up_on());
}

TEST_F(GateThatHands, HangsUpOnAllThatAPassThatEndsHasBeenHanded)
{
    auto unused = client();
    on_gate([this] { pass_.reset(); });
    EXPECT_TRUE(unused.is_hung_up_on());
    EXPECT_LT(connected().get(), 0);
}

TEST_F(GateThatHands, IsNowhereElse)
{
    EXPECT_EQ(gate_->port(), std::nullopt);
    EXPECT_EQ(pass_->proxy_url(), "http://127.0.0.1:1");
}

TEST_P(Gate, KeepsNoDescriptors)
{
    const auto open_descriptors = [] {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return std::distance(begin(all), end(all));
    };
    client().ask("www.tiktok.com:443"); // opens what stays open
    const auto before = open_descriptors();
    for (int round = 0; round < 20; ++round) {
        auto tunnel = client();
        EXPECT_THAT(tunnel.ask("www.tiktok.com:443"), testing::StartsWith("HTTP/1.1 200"));
        auto refused = client();
        refused.ask("evil.example:443");
        const auto unused = client();
        if (GetParam() == entry::handed) {
            const auto twice = connected();
            process_.run([&twice] { test::connect_to_gate(twice.get()); });
            process_.run([] { test::connect_to_gate(0); }); // no socket
        }
        on_gate([this] {
            pass_->cut();
            pass_->open(test::through(proxy_.url()));
        });
        EXPECT_TRUE(tunnel.is_hung_up_on());
    }
    for (const auto deadline = std::chrono::steady_clock::now() + test::patience;
         open_descriptors() > before && std::chrono::steady_clock::now() < deadline;)
        std::this_thread::yield();
    EXPECT_LE(open_descriptors(), before);
}

} // namespace
} // namespace ttsave::egress
