#include "extraction/worker_process.hpp"

#include "core/as_result.hpp"
#include "core/deadline.hpp"
#include "extraction/worker_protocol.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fstream>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

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

worker_process::worker_process(const asio::any_io_executor& executor, std::unique_ptr<child_process> child)
    : child_(std::move(child)), log_end_(executor, clock::time_point::max())
{
}

result<std::unique_ptr<worker_process>> worker_process::start(const asio::any_io_executor& executor,
                                                              const child_command& command)
{
    auto started = child_process::start(executor, command);
    if (!started)
        return started.error();
    return std::unique_ptr<worker_process>(new worker_process(executor, std::move(*started)));
}

asio::awaitable<result<void>> worker_process::write_line(std::string_view line, clock::time_point deadline)
{
    auto writing = asio::async_write(child_->input(), asio::buffer(line), as_result);
    const auto written = co_await before(deadline, std::move(writing));
    if (!written)
        co_return error_code(asio::error::timed_out);
    if (const auto& ec = std::get<0>(*written))
        co_return error_code(ec);
    co_return result<void>();
}

bool worker_process::has_fetched_all() const
{
    int left = 0;
    return ::ioctl(child_->input().native_handle(), FIONREAD, &left) == 0 && left == 0;
}

asio::awaitable<result<std::string>> worker_process::read_line(clock::time_point deadline)
{
    auto reading = read_until_newline(child_->output(), output_buffer_, max_line_bytes);
    const auto read = co_await before(deadline, std::move(reading));
    if (!read)
        co_return error_code(asio::error::timed_out);
    if (const auto& ec = std::get<0>(*read))
        co_return error_code(ec);
    co_return take(output_buffer_, std::get<1>(*read));
}

bool worker_process::has_output() const
{
    pollfd output{child_->output().native_handle(), POLLIN, 0};
    return !output_buffer_.empty() || ::poll(&output, 1, 0) > 0;
}

asio::awaitable<result<std::string>> worker_process::read_log_line()
{
    auto line = co_await child_->read_log_line();
    if (line)
        last_log_line_ = *line;
    else
        log_end_.expires_at(clock::time_point::min());
    co_return line;
}

asio::awaitable<std::string> worker_process::last_words(clock::time_point deadline)
{
    auto ending = log_end_.async_wait(as_result);
    co_await before(deadline, std::move(ending));
    co_return last_log_line_;
}

std::uint64_t worker_process::resident_bytes() const
{
    std::ifstream file("/proc/" + std::to_string(pid()) + "/statm");
    std::uint64_t all_pages = 0;
    std::uint64_t resident_pages = 0;
    file >> all_pages >> resident_pages;
    return file ? resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

asio::awaitable<std::string> worker_process::stop(std::chrono::milliseconds grace)
{
    const auto end = co_await child_->stop(grace);
    co_return end.text;
}

} // namespace ttsave::extraction
