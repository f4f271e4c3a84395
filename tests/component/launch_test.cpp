#include "core/launch.hpp"

#include "core/unique_fd.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>

namespace ttsave {
namespace {

struct pipe_ends {
    pipe_ends()
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            std::abort();
        read = unique_fd(ends[0]);
        write = unique_fd(ends[1]);
    }

    unique_fd read, write;
};

std::string read_all(unique_fd from)
{
    std::string text(4096, '\0');
    std::size_t size = 0;
    for (ssize_t count; (count = ::read(from.get(), text.data() + size, text.size() - size)) > 0;)
        size += static_cast<std::size_t>(count);
    text.resize(size);
    return text;
}

/// What a shell script writes to its standard output.
std::string output_of(std::string script)
{
    const unique_fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    pipe_ends output;
    const child_command command{"/bin/sh", {"-c", std::move(script)}, {"PATH=/usr/bin:/bin"}};
    const auto pid = launch(command, nullptr, {nothing.get(), output.write.get(), nothing.get()});
    EXPECT_TRUE(pid) << pid.error().message();
    output.write = unique_fd();
    auto text = read_all(std::move(output.read));
    EXPECT_EQ(::waitpid(*pid, nullptr, 0), *pid);
    return text;
}

/// Exec would leave them to the program as they are here.
TEST(Launch, GivesTheProgramSignalsAsItExpectsThem)
{
    sigset_t blocked, before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    const auto ignored = ::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(output_of("grep -E '^Sig(Blk|Ign)' /proc/self/status"),
              "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    EXPECT_EQ(::signal(SIGPIPE, ignored), SIG_IGN) << "it has changed them here";
    sigset_t after;
    ::pthread_sigmask(SIG_SETMASK, &before, &after);
    EXPECT_TRUE(::sigismember(&after, SIGTERM)) << "it has changed them here";
}

/// A server that was started with its standard streams closed has pipes under their numbers.
TEST(Launch, SortsStreamsThatAreInEachOthersPlaces)
{
    const auto in_a_process_without_streams = [] {
        for (int stream = 0; stream < 3; ++stream)
            ::close(stream);
        pipe_ends input, output, error;
        for (auto* pair : {&input, &output, &error}) // all out of the way, and then back into the wrong places
            for (auto* end : {&pair->read, &pair->write})
                *end = unique_fd(::fcntl(end->get(), F_DUPFD_CLOEXEC, 20));
        for (int stream = 0; stream < 3; ++stream)
            ::close(stream);
        ::dup2(output.write.get(), 0);
        ::dup2(error.write.get(), 1);
        ::dup2(input.read.get(), 2);
        const std::string script = "read word; echo \"out $word\"; echo \"err $word\" >&2";
        const child_command command{"/bin/sh", {"-c", script}, {}};
        const auto pid = launch(command, nullptr, {2, 0, 1});
        if (!pid || ::write(input.write.get(), "in\n", 3) != 3)
            ::_exit(1);
        for (int stream = 0; stream < 3; ++stream)
            ::close(stream);
        output.write = unique_fd();
        error.write = unique_fd();
        const bool is_right =
            read_all(std::move(output.read)) == "out in\n" && read_all(std::move(error.read)) == "err in\n";
        ::_exit(is_right ? 0 : 2);
    };
    EXPECT_EXIT(in_a_process_without_streams(), testing::ExitedWithCode(0), "");
}

TEST(Launch, FailsWhereADescriptorIsNotOpen)
{
    const unique_fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    child_command command{"/bin/true", {}, {}};
    command.descriptors = {1000};
    const auto pid = launch(command, nullptr, {nothing.get(), nothing.get(), nothing.get()});
    ASSERT_FALSE(pid);
    EXPECT_EQ(pid.error(), boost::system::errc::bad_file_descriptor);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is still there";
}

} // namespace
} // namespace ttsave
