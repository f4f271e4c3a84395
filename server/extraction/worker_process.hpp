#pragma once

// One extractor process, spoken to in lines.

#include "core/child_process.hpp"
#include "core/errc.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

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

    /// `line` includes its newline and stays valid until the end.
    /// Errors: timed_out; broken_pipe and the like when the process is gone. Cancellation: terminal.
    boost::asio::awaitable<result<void>> write_line(std::string_view line, clock::time_point deadline);

    /// The next line of its standard output, without the newline.
    /// Errors: timed_out; eof when the process is gone; not_found for a line over worker_protocol's max_line_bytes.
    /// Cancellation: terminal.
    boost::asio::awaitable<result<std::string>> read_line(clock::time_point deadline);

    /// As child_process::read_log_line.
    boost::asio::awaitable<result<std::string>> read_log_line() { return child_->read_log_line(); }

    /// Ends and reaps it: child_process::stop. Returns how it ended, for the log.
    boost::asio::awaitable<std::string> stop(std::chrono::milliseconds grace);

private:
    explicit worker_process(std::unique_ptr<child_process> child) : child_(std::move(child)) {}

    const std::unique_ptr<child_process> child_;
    std::string output_buffer_;
};

} // namespace ttsave::extraction
