// The gate's port, where anybody on this machine may come: who has a password passes, and nobody else is in the way.

#include "egress/loopback_port.hpp"

#include "captured_log.hpp"
#include "gate_fixture.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace ttsave::egress {
namespace {

using test::gate_client;
using testing::IsEmpty;
using testing::StartsWith;

const std::string tiktok = "www.tiktok.com:443";

class GatePort : public test::GateTest {
protected:
    GatePort() : GateTest(entry::port) {}

    std::shared_ptr<gate::pass> new_pass()
    {
        std::shared_ptr<gate::pass> made;
        on_gate([&] { made = gate_->admit(unique_fd()); });
        return made;
    }

    /// What has been logged so far.
    std::string text_of(const test::captured_log& log)
    {
        std::string text;
        on_gate([&] { text = log.text(); }); // by whom it is written
        return text;
    }

    /// What comes of a request with these fields.
    std::string answer(const std::string& fields) { return gate_client(connected(), fields).ask(tiktok); }
};

std::string basic(const std::string& user_info)
{
    return "Proxy-Authorization: Basic " + base64_encode(user_info) + "\r\n";
}

TEST_F(GatePort, OpensToAPasswordAndToNothingElse)
{
    const test::captured_log log;
    const auto own = user_info(*pass_);
    const auto password = own.substr(own.find(':') + 1);
    auto upper = password;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
    upper += 'A'; // should there be digits only
    ASSERT_EQ(password.size(), 32u);
    const std::vector<std::string> wrong{
        "",
        basic(""),
        basic(":"),
        basic("ttsave"),
        basic("ttsave:"),
        basic(password),
        basic(password + ":"),
        basic(own.substr(0, own.size() - 1)),
        basic(own.substr(0, own.size() - 1) + 'x'),
        basic(own + '0'),
        basic("ttsave:" + upper),
        basic("ttsave:" + std::string(32, '0')),
        basic("ttsave:" + std::string(32, '\0')),
        "Proxy-Authorization: Basic " + own + "\r\n",
        "Proxy-Authorization: Bearer " + password + "\r\n",
        "Proxy-Authorization: " + base64_encode(own) + "\r\n",
        "Proxy-Authorization:\r\n",
        "Authorization: Basic " + base64_encode(own) + "\r\n",
        basic("ttsave:1") + fields_,
    };
    for (const auto& fields : wrong)
        EXPECT_THAT(answer(fields), StartsWith("HTTP/1.1 407")) << fields;
    EXPECT_THAT(gate_client(connected()).ask("evil.example:443"), StartsWith("HTTP/1.1 407"));
    EXPECT_THAT(gate_client(connected()).ask("http://www.tiktok.com/", "GET"), StartsWith("HTTP/1.1 407"));
    EXPECT_EQ(proxy_.connections(), 0u);
    EXPECT_THAT(text_of(log), IsEmpty());
    EXPECT_THAT(answer(basic(own)), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(answer(basic(':' + password)), StartsWith("HTTP/1.1 200")) << "the user's name means nothing";
}

TEST_F(GatePort, KnowsEachPassByAPasswordOfItsOwn)
{
    const auto other = new_pass();
    ASSERT_NE(user_info(*other), user_info(*pass_));
    EXPECT_THAT(answer(fields_of(*other)), StartsWith("HTTP/1.1 403")) << "it has no job";
    on_gate([&] { other->open(test::through(proxy_.url())); });
    auto tunnel = client();
    gate_client other_tunnel(connected(), fields_of(*other));
    EXPECT_THAT(tunnel.ask(tiktok), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(other_tunnel.ask(tiktok), StartsWith("HTTP/1.1 200"));
    on_gate([this] { pass_->cut(); });
    EXPECT_TRUE(tunnel.is_hung_up_on());
    other_tunnel.send("hello\r\n\r\n");
    EXPECT_EQ(other_tunnel.read_until("\r\n\r\n"), "CONNECT www.tiktok.com:443 HTTP/1.1: hello\r\n\r\n");
    EXPECT_THAT(answer(fields_), StartsWith("HTTP/1.1 403"));
}

TEST_F(GatePort, ForgetsThePasswordOfAPassThatHasEnded)
{
    auto other = new_pass();
    on_gate([&] { other->open(test::through(proxy_.url())); });
    const auto fields = fields_of(*other);
    EXPECT_THAT(answer(fields), StartsWith("HTTP/1.1 200"));
    on_gate([&] { other.reset(); });
    EXPECT_THAT(answer(fields), StartsWith("HTTP/1.1 407"));
    EXPECT_THAT(answer(fields_), StartsWith("HTTP/1.1 200"));
}

TEST_F(GatePort, AdmitsNoMoreThanSoManyConnectionsOfOnePassAtOnce)
{
    std::deque<gate_client> tunnels;
    for (std::size_t count = 0; count < gate::most_connections; ++count) {
        tunnels.emplace_back(connected(), fields_);
        EXPECT_THAT(tunnels.back().ask(tiktok), StartsWith("HTTP/1.1 200"));
    }
    EXPECT_THAT(answer(fields_), IsEmpty());
    const auto other = new_pass();
    on_gate([&] { other->open(test::through(proxy_.url())); });
    EXPECT_THAT(answer(fields_of(*other)), StartsWith("HTTP/1.1 200"));
    tunnels.clear(); // the gate may not have noticed at once
    while (answer(fields_).empty())
        std::this_thread::yield();
    EXPECT_THAT(answer(fields_), StartsWith("HTTP/1.1 200"));
}

TEST_F(GatePort, HangsUpOnTheOldestOfTooManyStrangers)
{
    const test::captured_log log;
    auto tunnel = client();
    EXPECT_THAT(tunnel.ask(tiktok), StartsWith("HTTP/1.1 200"));
    constexpr std::size_t too_many = 10;
    std::deque<gate_client> strangers;
    for (std::size_t count = 0; count < loopback_port::most_strangers + too_many; ++count)
        strangers.emplace_back(connected(), fields_);
    EXPECT_THAT(answer(fields_), StartsWith("HTTP/1.1 200")); // after which all of them have been accepted
    for (std::size_t number = 0; number <= too_many; ++number)
        EXPECT_TRUE(strangers[number].is_hung_up_on()) << number;
    EXPECT_THAT(strangers[too_many + 1].ask(tiktok), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(strangers.back().ask(tiktok), StartsWith("HTTP/1.1 200"));
    tunnel.send("hello\r\n\r\n");
    EXPECT_EQ(tunnel.read_until("\r\n\r\n"), "CONNECT www.tiktok.com:443 HTTP/1.1: hello\r\n\r\n");
    const auto text = text_of(log);
    EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
}

TEST_F(GatePort, HangsUpOnWhoSaysNothing)
{
    gate_client silent(connected());
    gate_client slow(connected());
    slow.send("CONNECT");
    EXPECT_TRUE(silent.is_hung_up_on());
    EXPECT_TRUE(slow.is_hung_up_on());
}

TEST_F(GatePort, IsOnLoopbackAndInNoOtherProgram)
{
    std::vector<in_addr_t> addresses;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int descriptor = std::stoi(entry.path().filename());
        sockaddr_in address{};
        socklen_t size = sizeof(address);
        int listens = 0;
        socklen_t option_size = sizeof(listens);
        if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &option_size) != 0 || listens == 0)
            continue;
        if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
            ::ntohs(address.sin_port) != *gate_->port())
            continue;
        addresses.push_back(::ntohl(address.sin_addr.s_addr));
        EXPECT_EQ(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    }
    EXPECT_THAT(addresses, testing::ElementsAre(in_addr_t{INADDR_LOOPBACK}));
    EXPECT_EQ(pass_->proxy_url(), "http://" + user_info(*pass_) + "@127.0.0.1:" + std::to_string(*gate_->port()));
}

} // namespace
} // namespace ttsave::egress
