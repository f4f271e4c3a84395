#include "extraction/worker_process.hpp"

#include "core/deadline.hpp"
#include "extraction/worker_protocol.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/stdio.hpp>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;
namespace process = boost::process::v2;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t longest_log_line = 4096;

/// Runs between fork and exec, where only async-signal-safe calls are allowed.
struct own_group_and_mortal {
    pid_t parent = ::getpid();
    int descriptors = ::getdtablesize();

    process::error_code on_exec_setup(process::posix::default_launcher&, const process::filesystem::path&,
                                      const char* const*)
    {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
            ::_exit(1); // the parent died before the line above could count
        // Sockets that Asio accepted, and whatever a library opened, are none of the child's business.
        if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0) // a kernel before 5.11
            for (int fd = 3; fd < descriptors; ++fd)
                ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        return {};
    }
};

std::string describe(int status)
{
    if (WIFSIGNALED(status))
        return std::string("killed by signal ") + std::to_string(WTERMSIG(status)) + " (" +
               ::strsignal(WTERMSIG(status)) + ')';
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

/// Reads one line, keeping what follows it in `buffer`. The operation must end before `buffer` does.
asio::awaitable<std::tuple<error_code, std::size_t>> read_until_newline(asio::readable_pipe& pipe, std::string& buffer,
                                                                        std::size_t longest)
{
    co_return co_await asio::async_read_until(pipe, asio::dynamic_buffer(buffer, longest), '\n', as_result);
}

std::string take(std::string& buffer, std::size_t count)
{
    std::string line = buffer.substr(0, count);
    buffer.erase(0, count);
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.pop_back();
    return line;
}

} // namespace

worker_process::worker_process(const asio::any_io_executor& executor)
    : input_(executor), output_(executor), log_(executor), process_(executor)
{
}

worker_process::~worker_process()
{
    if (pid_ > 0 && !reaped_)
        ::kill(-pid_, SIGKILL);
    error_code ignored;
    process_.detach();
}

result<std::unique_ptr<worker_process>> worker_process::start(const asio::any_io_executor& executor,
                                                              const worker_command& command)
{
    std::unique_ptr<worker_process> started(new worker_process(executor));
    process::posix::default_launcher launcher;
    process::error_code ec;
    started->process_ = launcher(executor, ec, process::filesystem::path(command.executable), command.arguments,
                                 process::process_stdio{started->input_, started->output_, started->log_},
                                 process::process_environment(command.environment), own_group_and_mortal{});
    if (ec)
        return error_code(ec);
    started->pid_ = started->process_.id();
    ::setpgid(started->pid_, started->pid_); // both sides do it, so that it holds whoever runs first
    return started;
}

asio::awaitable<result<void>> worker_process::write_line(std::string_view line, clock::time_point deadline)
{
    auto writing = asio::async_write(input_, asio::buffer(line), as_result);
    const auto written = co_await before(deadline, std::move(writing));
    if (!written)
        co_return error_code(asio::error::timed_out);
    if (const auto& ec = std::get<0>(*written))
        co_return error_code(ec);
    co_return result<void>();
}

asio::awaitable<result<std::string>> worker_process::read_line(clock::time_point deadline)
{
    auto reading = read_until_newline(output_, output_buffer_, max_line_bytes);
    const auto read = co_await before(deadline, std::move(reading));
    if (!read)
        co_return error_code(asio::error::timed_out);
    if (const auto& ec = std::get<0>(*read))
        co_return error_code(ec);
    co_return take(output_buffer_, std::get<1>(*read));
}

asio::awaitable<result<std::string>> worker_process::read_log_line()
{
    const auto [ec, count] = co_await read_until_newline(log_, log_buffer_, longest_log_line);
    if (!ec)
        co_return take(log_buffer_, count);
    if (log_buffer_.empty() || ec == asio::error::operation_aborted)
        co_return error_code(ec);
    co_return take(log_buffer_, log_buffer_.size());
}

asio::awaitable<std::string> worker_process::stop(std::chrono::milliseconds grace)
{
    // What is under way when the server shuts down must still end in a reaped process.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    error_code ignored;
    input_.close(ignored);
    output_.close(ignored);
    ::kill(-pid_, SIGTERM);
    auto waiting = process_.async_wait(as_result);
    const bool ended = (co_await before(clock::now() + grace, std::move(waiting))).has_value();
    // The group outlives its leader if that has left children behind; none may stay.
    ::kill(-pid_, SIGKILL);
    if (!ended)
        co_await process_.async_wait(as_result);
    reaped_ = true;
    log_.close(ignored);
    co_return describe(process_.native_exit_code());
}

} // namespace ttsave::extraction
