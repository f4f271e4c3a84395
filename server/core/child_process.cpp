#include "core/child_process.hpp"

#include "core/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/stdio.hpp>
#include <boost/system/system_error.hpp>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <system_error>

namespace ttsave {

namespace asio = boost::asio;
namespace process = boost::process::v2;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr int exec_failed = 127; // as a shell says it
constexpr std::size_t longest_log_line = 4096;

/// `most`, or what we have ourselves, if that is less.
void limit(decltype(RLIMIT_AS) resource, std::optional<rlim_t> most)
{
    rlimit ours{};
    if (!most || ::getrlimit(resource, &ours) != 0)
        return;
    const rlimit both{std::min(*most, ours.rlim_cur), std::min(*most, ours.rlim_max)};
    ::setrlimit(resource, &both);
}

void apply(const resource_limits& limits)
{
    limit(RLIMIT_AS, limits.memory_bytes);
    limit(RLIMIT_FSIZE, limits.file_bytes);
    if (limits.cpu)
        limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu->count()));
    limit(RLIMIT_NOFILE, limits.descriptors);
    limit(RLIMIT_NPROC, limits.threads);
    // Too small for a file, and the value at which the kernel starts no program for the core either, which at 0 it does
    // (fs/coredump.c).
    constexpr rlimit no_core{1, 1};
    ::setrlimit(RLIMIT_CORE, &no_core);
}

struct own_group_and_mortal {
    const child_command& command;
    const confinement::entrance* box;
    pid_t parent = ::getpid();
    int table_size = ::getdtablesize();

    process::error_code on_setup(process::posix::default_launcher& launcher, const process::filesystem::path&,
                                 const char* const*) const
    {
        // The launcher closes what is above the last of these.
        launcher.fd_whitelist.insert(launcher.fd_whitelist.end(), command.descriptors.begin(),
                                     command.descriptors.end());
        return {};
    }

    /// Runs between fork and exec, where only async-signal-safe calls are allowed.
    process::error_code on_exec_setup(process::posix::default_launcher&, const process::filesystem::path&,
                                      const char* const*)
    {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
            ::_exit(1); // the parent died before the line above could count
        // Sockets that Asio accepted, and whatever a library opened, are none of the child's business.
        if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) // a kernel before 5.11
            for (int fd = 3; fd < table_size; ++fd)
                ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        for (const int fd : command.descriptors)
            ::fcntl(fd, F_SETFD, 0);
        if (box && !box->give_up())
            return {errno, boost::system::system_category()};
        apply(command.limits);
        if (box && !box->enter())
            return {errno, boost::system::system_category()};
        return {};
    }

    /// Runs in the child when exec has failed, before the launcher's exit(), which would run the destructors of this
    /// process's own statics there. Takes anything, since the launcher asks for another signature than it calls.
    template <typename... Anything>
    void on_exec_error(Anything&&...) const
    {
        ::_exit(exec_failed);
    }
};

child_end describe(int status)
{
    if (WIFSIGNALED(status))
        return {-1, std::string("killed by signal ") + std::to_string(WTERMSIG(status)) + " (" +
                        ::strsignal(WTERMSIG(status)) + ')'};
    return {WEXITSTATUS(status), "exit status " + std::to_string(WEXITSTATUS(status))};
}

} // namespace

child_process::child_process(const asio::any_io_executor& executor)
    : input_(executor), output_(executor), log_(executor), process_(executor)
{
}

child_process::~child_process()
{
    if (pid_ > 0 && !reaped_)
        ::kill(-pid_, SIGKILL);
    error_code ignored;
    process_.detach();
}

result<std::unique_ptr<child_process>> child_process::start(const asio::any_io_executor& executor,
                                                            const child_command& command)
{
    std::unique_ptr<child_process> started(new child_process(executor));
    std::optional<confinement::entrance> box;
    try {
        if (command.box)
            box = command.box->open(command.descriptors, command.readable);
    } catch (const std::system_error& failure) {
        return error_code(failure.code().value(), boost::system::system_category());
    }
    const process::filesystem::path plain(command.executable);
    process::posix::default_launcher launcher;
    process::error_code ec;
    // In the child the launcher has the context's reactor made anew, from tables that another thread may just have been
    // changing; that throws, and lets the child go on as a copy of this process. A context that has nothing in it is
    // nobody's.
    asio::io_context of_nothing;
    const asio::any_io_executor aside = of_nothing.get_executor();
    auto launched = launcher(aside, ec, command.box ? command.box->program() : plain, command.arguments,
                             process::process_stdio{started->input_, started->output_, started->log_},
                             process::process_environment(command.environment),
                             own_group_and_mortal{command, box ? &*box : nullptr});
    if (ec) {
        if (launcher.pid > 0)
            ::waitpid(launcher.pid, nullptr, 0); // at its end already; the launcher leaves it a zombie
        return error_code(ec);
    }
    if (box)
        started->connects_ = box->take_connects();
    started->pid_ = launched.id();
    launched.detach();
    started->process_ = process::process(executor, started->pid_);
    ::setpgid(started->pid_, started->pid_); // both sides do it, so that it holds whoever runs first
    return started;
}

asio::awaitable<result<std::string>> child_process::read_log_line()
{
    auto space = asio::dynamic_buffer(log_buffer_, longest_log_line);
    const auto [ec, count] = co_await asio::async_read_until(log_, space, '\n', as_result);
    if (ec && (log_buffer_.empty() || ec == asio::error::operation_aborted))
        co_return error_code(ec);
    std::string line = log_buffer_.substr(0, ec ? log_buffer_.size() : count);
    log_buffer_.erase(0, line.size());
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.pop_back();
    co_return line;
}

asio::awaitable<child_end> child_process::wait()
{
    const auto [ec, status] = co_await process_.async_wait(as_result);
    if (ec)
        throw boost::system::system_error(ec);
    reaped_ = true;
    co_return describe(process_.native_exit_code());
}

asio::awaitable<child_end> child_process::stop(std::chrono::milliseconds grace)
{
    // What is under way when the server shuts down must still end in a reaped process.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    error_code ignored;
    input_.close(ignored);
    output_.close(ignored);
    ::kill(-pid_, SIGTERM);
    if (!reaped_) {
        auto waiting = process_.async_wait(as_result);
        reaped_ = (co_await before(std::chrono::steady_clock::now() + grace, std::move(waiting))).has_value();
    }
    // The group outlives its leader if that has left children behind; none may stay.
    ::kill(-pid_, SIGKILL);
    if (!reaped_)
        co_await process_.async_wait(as_result);
    reaped_ = true;
    log_.close(ignored);
    co_return describe(process_.native_exit_code());
}

} // namespace ttsave
