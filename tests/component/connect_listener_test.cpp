#include "core/connect_listener.hpp"

#include "core/socket_pair.hpp"
#include "listened_thread.hpp"
#include "running.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <future>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace ttsave {
namespace {

using test::connect_to_gate;
using test::new_socket;

class ConnectListener : public testing::Test {
protected:
    result<held_connect> take() { return test::run(context_, listener_->next()); }

    /// What connect() comes to when it is handed a connection, whose other end is ours_ then.
    int connect_handed(int descriptor)
    {
        auto calling = caller_->start([descriptor] { return connect_to_gate(descriptor); });
        auto pair = make_socket_pair().value();
        ours_ = std::move(pair.ours);
        handed_ = listener_->hand(take().value(), std::move(pair.theirs));
        return calling.get();
    }

    bool is_connected(int descriptor) const
    {
        char byte = 0;
        return ::send(ours_.get(), "x", 1, MSG_NOSIGNAL) == 1 && ::read(descriptor, &byte, 1) == 1 && byte == 'x';
    }

    /// Whether nobody has the other end of what was handed last.
    bool is_closed() const
    {
        char byte = 0;
        return ::recv(ours_.get(), &byte, 1, MSG_DONTWAIT) == 0;
    }

    boost::asio::io_context context_{1};
    std::optional<test::listened_thread> caller_{std::in_place};
    std::optional<connect_listener> listener_{std::in_place, context_.get_executor(), caller_->take_connects()};
    unique_fd ours_;
    error_code handed_;
};

TEST_F(ConnectListener, IsPossibleHere)
{
    EXPECT_TRUE(can_hold_connects());
}

TEST_F(ConnectListener, PutsAConnectionInTheSocketsPlace)
{
    for (const int kind : {0, int{SOCK_NONBLOCK}, int{SOCK_CLOEXEC}, SOCK_NONBLOCK | SOCK_CLOEXEC}) {
        const auto wanted = new_socket(kind);
        EXPECT_EQ(connect_handed(wanted.get()), 0);
        EXPECT_FALSE(handed_);
        EXPECT_TRUE(is_connected(wanted.get()));
        EXPECT_EQ(::fcntl(wanted.get(), F_GETFL) & O_NONBLOCK, (kind & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0);
        EXPECT_EQ(::fcntl(wanted.get(), F_GETFD), (kind & SOCK_CLOEXEC) != 0 ? FD_CLOEXEC : 0);
    }
}

TEST_F(ConnectListener, ReplacesAConnectionThatIsThere)
{
    const auto wanted = new_socket();
    EXPECT_EQ(connect_handed(wanted.get()), 0);
    const auto first = std::move(ours_);
    EXPECT_EQ(connect_handed(wanted.get()), 0);
    EXPECT_TRUE(is_connected(wanted.get()));
    char byte = 0;
    EXPECT_EQ(::read(first.get(), &byte, 1), 0);
}

TEST_F(ConnectListener, TellsTheCallerOfWhatIsNoSocket)
{
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const unique_fd pipe(ends[0]);
    const unique_fd other_end(ends[1]);
    const unique_fd file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    for (const int descriptor : {pipe.get(), other_end.get(), file.get()}) {
        EXPECT_EQ(connect_handed(descriptor), ENOTSOCK);
        EXPECT_EQ(handed_, boost::system::errc::not_a_socket);
        EXPECT_TRUE(is_closed());
    }
    for (const int number : {-1, 60'000, 1 << 30}) {
        EXPECT_EQ(connect_handed(number), EBADF) << number;
        EXPECT_TRUE(is_closed());
    }
}

TEST_F(ConnectListener, RefusesWithWhatItIsTold)
{
    const auto wanted = new_socket();
    auto calling = caller_->start([&] { return connect_to_gate(wanted.get()); });
    listener_->refuse(take().value(), ECONNREFUSED);
    EXPECT_EQ(calling.get(), ECONNREFUSED);
}

TEST_F(ConnectListener, IsNotAskedAboutOtherAddresses)
{
    const auto wanted = new_socket();
    for (const auto length : {std::size_t{0}, sizeof(sockaddr_in) - 1, sizeof(sockaddr_in6), sizeof(sockaddr_un)})
        EXPECT_EQ(caller_->run([&] { return connect_to_gate(wanted.get(), socklen_t(length)); }), ECONNREFUSED);
}

TEST_F(ConnectListener, TakesOptionsOfTcpForWhatIsNone)
{
    const auto wanted = new_socket();
    ASSERT_EQ(connect_handed(wanted.get()), 0);
    const auto set = [&](int option) {
        const int on = 1;
        return ::setsockopt(wanted.get(), IPPROTO_TCP, option, &on, sizeof(on)) == 0 ? 0 : errno;
    };
    EXPECT_EQ(set(TCP_NODELAY), EOPNOTSUPP);
    for (const int option : {TCP_NODELAY, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT})
        EXPECT_EQ(caller_->run([&] { return set(option); }), 0) << option;
    EXPECT_EQ(caller_->run([&] { return set(TCP_REPAIR); }), EOPNOTSUPP);
}

TEST_F(ConnectListener, ServesAllThreadsOfTheCaller)
{
    constexpr int count = 50;
    auto all = caller_->start([] { // whose filter its threads have as well
        std::vector<std::future<int>> threads;
        for (int thread = 0; thread < count; ++thread)
            threads.push_back(std::async(std::launch::async, [] { return connect_to_gate(new_socket().get()); }));
        int connected = 0;
        for (auto& each : threads)
            connected += each.get() == 0 ? 1 : 0;
        return connected;
    });
    for (int thread = 0; thread < count; ++thread)
        EXPECT_FALSE(listener_->hand(take().value(), make_socket_pair().value().theirs));
    EXPECT_EQ(all.get(), count);
}

void ignore_signal(int) {}

TEST_F(ConnectListener, ACallThatIsInterruptedIsGone)
{
    struct sigaction interrupt = {}; // without SA_RESTART
    interrupt.sa_handler = ignore_signal;
    ::sigaction(SIGUSR1, &interrupt, nullptr);
    const auto wanted = new_socket();
    const auto thread = caller_->run([] { return ::pthread_self(); });
    auto calling = caller_->start([&] { return connect_to_gate(wanted.get()); });
    const auto call = take().value();
    ::pthread_kill(thread, SIGUSR1);
    EXPECT_EQ(calling.get(), EINTR);
    EXPECT_EQ(listener_->hand(call, make_socket_pair().value().theirs), boost::system::errc::no_such_file_or_directory);
    EXPECT_EQ(connect_handed(wanted.get()), 0);
}

TEST_F(ConnectListener, ACallerThatDiesLeavesNothingBehind)
{
    const auto filter = compile_connect_filter();
    const auto way = make_socket_pair().value();
    const auto wanted = new_socket();
    const pid_t child = ::fork();
    if (child == 0) { // system calls only
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (send_descriptor(way.theirs.get(), hold_connects(filter)))
            ::_exit(1);
        connect_to_gate(wanted.get());
        ::_exit(0);
    }
    listener_.emplace(context_.get_executor(), receive_descriptor(way.ours.get()).value());
    const auto call = take().value();
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    auto pair = make_socket_pair().value();
    ours_ = std::move(pair.ours);
    EXPECT_EQ(listener_->hand(call, std::move(pair.theirs)), boost::system::errc::no_such_file_or_directory);
    EXPECT_TRUE(is_closed());
    EXPECT_EQ(take().error(), boost::asio::error::eof);
}

TEST_F(ConnectListener, EndsWithTheLastWhoCouldCall)
{
    caller_.reset();
    EXPECT_EQ(take().error(), boost::asio::error::eof);
}

TEST_F(ConnectListener, WithoutItNothingConnects)
{
    const auto wanted = new_socket();
    auto calling = caller_->start([&] { return connect_to_gate(wanted.get()); });
    EXPECT_TRUE(take());
    listener_->close();
    EXPECT_EQ(calling.get(), ENOSYS);
    EXPECT_EQ(caller_->run([&] { return connect_to_gate(wanted.get()); }), ENOSYS);
    EXPECT_TRUE(take().error());
}

} // namespace
} // namespace ttsave
