#include "core/child_process.hpp"

#include "core/as_result.hpp"
#include "core/deadline.hpp"
#include "core/launch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect_pipe.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/system/system_error.hpp>

#include <sys/wait.h>

#include <csignal>
#include <cstring>
#include <optional>
#include <system_error>

namespace ttsave {

namespace asio = boost::asio;
namespace process = boost::process::v2;

namespace {

constexpr std::size_t longest_log_line = 4096;

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
    asio::readable_pipe stdin_end(executor);
    asio::writable_pipe stdout_end(executor), stderr_end(executor);
    error_code ec;
    asio::connect_pipe(stdin_end, started->input_, ec);
    if (!ec)
        asio::connect_pipe(started->output_, stdout_end, ec);
    if (!ec)
        asio::connect_pipe(started->log_, stderr_end, ec);
    if (ec)
        return ec;
    const auto pid = launch(command, box ? &*box : nullptr,
                            {stdin_end.native_handle(), stdout_end.native_handle(), stderr_end.native_handle()});
    if (!pid)
        return pid.error();
    if (box)
        started->connects_ = box->take_connects();
    started->pid_ = *pid;
    started->process_ = process::process(executor, *pid);
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
