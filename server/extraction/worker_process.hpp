#pragma once

// One extractor process, spoken to in lines.

#include "core/child_process.hpp"
#include "core/errc.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ttsave::extraction {

/// A running extractor. Not thread-safe; one read and one write at a time. As child_process, it must be stopped before
/// it is destroyed.
class worker_process {
public:
    using clock = std::chrono::steady_clock;

    /// Errors: those of child_process::start.
    static result<std::unique_ptr<worker_process>> start(const boost::asio::any_io_executor& executor,
                                                         const child_command& command);

    int pid() const { return child_->pid(); }

    /// As child_process::take_connects.
    unique_fd take_connects() { return child_->take_connects(); }

    /// `line` includes its newline and stays valid until the end.
    /// Errors: timed_out; broken_pipe and the like when the process is gone. Cancellation: terminal.
    boost::asio::awaitable<result<void>> write_line(std::string_view line, clock::time_point deadline);

    /// Whether it has fetched everything that was written to it; it can no longer when it is gone.
    bool has_fetched_all() const;

    /// The next line of its standard output, without the newline.
    /// Errors: timed_out; eof when the process is gone; not_found for a line over worker_protocol's max_line_bytes.
    /// Cancellation: terminal.
    boost::asio::awaitable<result<std::string>> read_line(clock::time_point deadline);

    /// Whether there is something to read, be it a part of a line or the end. Not while `read_line` runs.
    bool has_output() const;

    /// As child_process::read_log_line. Somebody must call it until it fails.
    boost::asio::awaitable<result<std::string>> read_log_line();

    /// The last line that read_log_line has given, once there are no more or at `deadline`. Cancellation: terminal.
    boost::asio::awaitable<std::string> last_words(clock::time_point deadline);

    /// The memory it has resident now (proc(5), /proc/PID/statm); 0 when it is gone.
    std::uint64_t resident_bytes() const;

    /// Ends and reaps it: child_process::stop. Returns how it ended, for the log.
    boost::asio::awaitable<std::string> stop(std::chrono::milliseconds grace);

private:
    worker_process(const boost::asio::any_io_executor& executor, std::unique_ptr<child_process> child);

    const std::unique_ptr<child_process> child_;
    std::string output_buffer_;
    std::string last_log_line_;
    boost::asio::steady_timer log_end_; // expires when the log has ended
};

} // namespace ttsave::extraction
