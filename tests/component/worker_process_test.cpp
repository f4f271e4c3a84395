#include "extraction/worker_process.hpp"

#include "running.hpp"

#include <gmock/gmock.h>

#include <csignal>

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ttsave::extraction {
namespace {

namespace asio = boost::asio;

child_command shell(std::string script)
{
    return {"/bin/sh", {"-c", std::move(script)}, {"PATH=/usr/bin:/bin", "ONLY=this"}};
}

std::chrono::steady_clock::time_point soon()
{
    return std::chrono::steady_clock::now() + test::patience;
}

class WorkerProcess : public testing::Test {
protected:
    std::unique_ptr<worker_process> start(std::string script)
    {
        auto started = worker_process::start(context_.get_executor(), shell(std::move(script)));
        EXPECT_TRUE(started) << started.error().message();
        return std::move(*started);
    }

    asio::io_context context_{1};
};

TEST_F(WorkerProcess, ExchangesLinesUntilItIsStopped)
{
    const auto process = start("read line; echo \"got $line\"; echo log >&2; exec sleep 1000");
    EXPECT_TRUE(test::run(context_, process->write_line("hello\n", soon())));
    EXPECT_EQ(*test::run(context_, process->read_line(soon())), "got hello");
    EXPECT_EQ(*test::run(context_, process->read_log_line()), "log");
    EXPECT_THAT(test::run(context_, process->stop(test::patience)), testing::StartsWith("killed by signal 15"));
}

TEST_F(WorkerProcess, SeesNothingOfOurEnvironmentOrDescriptors)
{
    const auto process = start("env | sort | tr '\\n' ' '; echo; ls /proc/self/fd | wc -l");
    EXPECT_THAT(*test::run(context_, process->read_line(soon())), testing::HasSubstr("ONLY=this "));
    // The three standard ones, and the one with which ls reads the directory.
    EXPECT_EQ(*test::run(context_, process->read_line(soon())), "4");
    test::run(context_, process->stop(test::patience));
}

TEST_F(WorkerProcess, ReportsItsEndAndItsTimeouts)
{
    const auto process = start("read line; exit 3");
    const auto now = std::chrono::steady_clock::now();
    EXPECT_EQ(test::run(context_, process->read_line(now)).error(), asio::error::timed_out);
    EXPECT_TRUE(test::run(context_, process->write_line("go\n", soon())));
    EXPECT_EQ(test::run(context_, process->read_line(soon())).error(), asio::error::eof);
    test::run(context_, process->stop(test::patience));
}

TEST_F(WorkerProcess, KillsWhoIgnoresSigtermWithItsWholeGroup)
{
    const auto process = start("trap '' TERM; sleep 1000 & echo $!; while :; do wait; done");
    const int child = std::stoi(*test::run(context_, process->read_line(soon())));
    const int pid = process->pid();
    // Readable once the child has died, whoever reaps it (pidfd_open(2)): the signal is sent at once, death takes a
    // moment.
    const int child_end = int(::syscall(SYS_pidfd_open, child, 0));
    ASSERT_GE(child_end, 0);
    EXPECT_THAT(test::run(context_, process->stop(std::chrono::milliseconds(50))),
                testing::StartsWith("killed by signal 9"));
    EXPECT_EQ(::kill(pid, 0), -1) << "not reaped";
    pollfd death{child_end, POLLIN, 0};
    EXPECT_EQ(::poll(&death, 1, int(std::chrono::milliseconds(test::patience).count())), 1) << "the child still runs";
    ::close(child_end);
}

TEST_F(WorkerProcess, SaysWhyItCannotStart)
{
    child_command command{"/no/such/program", {}, {}};
    const auto started = worker_process::start(context_.get_executor(), command);
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error(), boost::system::errc::no_such_file_or_directory);
}

} // namespace
} // namespace ttsave::extraction
