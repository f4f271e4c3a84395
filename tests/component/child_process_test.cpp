#include "core/child_process.hpp"

#include "running.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

namespace ttsave {
namespace {

namespace asio = boost::asio;

class ChildProcess : public testing::Test {
protected:
    child_command shell(std::string script) { return {"/bin/sh", {"-c", std::move(script)}, {"PATH=/usr/bin:/bin"}}; }

    /// What a process writes to its standard output until it ends.
    std::string output(const child_command& command)
    {
        auto started = child_process::start(context_.get_executor(), command);
        EXPECT_TRUE(started) << started.error().message();
        auto read = [](child_process& child) -> asio::awaitable<std::string> {
            std::string text;
            auto space = asio::dynamic_buffer(text);
            co_await asio::async_read(child.output(), space, asio::as_tuple(asio::use_awaitable));
            co_return text;
        };
        auto text = test::run(context_, read(**started));
        end_ = test::run(context_, (*started)->wait());
        test::run(context_, (*started)->stop(test::patience));
        return text;
    }

    asio::io_context context_{1};
    child_end end_;
};

TEST_F(ChildProcess, TellsHowItHasEnded)
{
    output(shell("exit 7"));
    EXPECT_EQ(end_.exit_status, 7);
    EXPECT_EQ(end_.text, "exit status 7");
    output(shell("kill -9 $$"));
    EXPECT_EQ(end_.exit_status, -1);
    EXPECT_THAT(end_.text, testing::StartsWith("killed by signal 9"));
}

TEST_F(ChildProcess, LeavesNothingBehindWhenItCannotStart)
{
    const child_command command{"/no/such/program", {}, {}};
    const auto started = child_process::start(context_.get_executor(), command);
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error(), boost::system::errc::no_such_file_or_directory);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is still there";
    EXPECT_EQ(errno, ECHILD);
}

TEST_F(ChildProcess, HasItsLimits)
{
    auto limited = shell("ulimit -v; ulimit -t");
    limited.limits.memory_bytes = 512 << 20;
    limited.limits.cpu = std::chrono::seconds(17);
    EXPECT_EQ(output(limited), "524288\n17\n");
    EXPECT_EQ(output(shell("ulimit -v; ulimit -t")), "unlimited\nunlimited\n");
}

TEST_F(ChildProcess, IsEndedAtTheLimitOfItsProcessorTime)
{
    auto busy = shell("while :; do :; done");
    busy.limits.cpu = std::chrono::seconds(1);
    output(busy);
    EXPECT_EQ(end_.exit_status, -1);
}

TEST_F(ChildProcess, HasOpenWhatItWasGivenAndNothingElse)
{
    // Descriptors both below and above those that the launcher itself opens, which once lost the latter.
    std::vector<int> held;
    for (int count = 0; count < 40; ++count)
        held.push_back(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
    for (int index = 0; index < 20; ++index)
        ::close(held[std::size_t(index)]);
    auto lister = shell("ls /proc/self/fd | sort -n | tr '\\n' ' '");
    lister.descriptors = {held[39], held[25]};
    const std::string expected = "0 1 2 3 " + std::to_string(held[25]) + ' ' + std::to_string(held[39]) + ' ';
    EXPECT_EQ(output(lister), expected) << "3 is the directory that ls reads";
    for (std::size_t index = 20; index < held.size(); ++index)
        ::close(held[index]);
}

TEST_F(ChildProcess, OpensADescriptorOfOursAnewByItsPath)
{
    std::string name = testing::TempDir() + "child-XXXXXX";
    const int fd = ::mkstemp(name.data());
    ASSERT_EQ(::write(fd, "content", 7), 7);
    ::unlink(name.c_str());
    auto reader = shell("cat /proc/self/fd/" + std::to_string(fd));
    reader.descriptors = {fd};
    EXPECT_EQ(output(reader), "content") << "from its beginning, although we have written to its end";
    ::close(fd);
}

/// A soak test once had a child go on as a copy of the server, since a thread was just accepting into its context.
TEST_F(ChildProcess, StartsWhileOtherThreadsOpenSocketsInItsContext)
{
    std::atomic<bool> is_over = false;
    std::thread others([this, &is_over] {
        while (!is_over)
            asio::ip::udp::socket(context_, asio::ip::udp::v4());
    });
    const child_command command{"/bin/true", {}, {}};
    const auto own = ::getpid();
    auto start_and_wait = [&]() -> asio::awaitable<int> {
        try {
            const auto started = child_process::start(context_.get_executor(), command);
            const auto end = co_await (*started)->wait();
            co_return end.exit_status;
        } catch (...) {
            if (::getpid() != own)
                ::_exit(99);
            throw;
        }
    };
    for (int count = 0; count < 100; ++count)
        EXPECT_EQ(test::run(context_, start_and_wait()), 0);
    is_over = true;
    others.join();
}

} // namespace
} // namespace ttsave
