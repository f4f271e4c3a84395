#pragma once

// One extractor process: started in its own process group, spoken to in lines, always reaped.

#include "core/errc.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/process/v2/process.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::extraction {

/// What to run. `environment` ("NAME=value") is all the process gets to see.
struct worker_command {
    std::string executable; ///< an absolute path
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
};

/// A running process and the pipes to it. It is killed by the kernel if the thread that started it ends, so that not
/// even a SIGKILL of the server leaves one behind.
///
/// Not thread-safe; one read and one write at a time. `stop` must be awaited before destruction; destroying one that
/// still runs kills its process group and leaves a zombie until the server ends.
class worker_process {
public:
    using clock = std::chrono::steady_clock;

    /// Errors: those of fork and exec (no_such_file_or_directory, permission_denied...).
    static result<std::unique_ptr<worker_process>> start(const boost::asio::any_io_executor& executor,
                                                         const worker_command& command);
    ~worker_process();

    worker_process(const worker_process&) = delete;
    worker_process& operator=(const worker_process&) = delete;

    int pid() const { return pid_; }

    /// `line` includes its newline and stays valid until the end.
    /// Errors: timed_out; broken_pipe and the like when the process is gone. Cancellation: terminal.
    boost::asio::awaitable<result<void>> write_line(std::string_view line, clock::time_point deadline);

    /// The next line of its standard output, without the newline.
    /// Errors: timed_out; eof when the process is gone; not_found for a line over worker_protocol's max_line_bytes.
    /// Cancellation: terminal.
    boost::asio::awaitable<result<std::string>> read_line(clock::time_point deadline);

    /// The next line of its standard error, or eof. A line too long comes in pieces. Cancellation: terminal.
    boost::asio::awaitable<result<std::string>> read_log_line();

    /// Ends the whole process group and reaps the process: closes its standard input, sends SIGTERM, and SIGKILL when
    /// it is still there after `grace`. Returns how it ended, for the log. Not cancelled by anything.
    boost::asio::awaitable<std::string> stop(std::chrono::milliseconds grace);

private:
    explicit worker_process(const boost::asio::any_io_executor& executor);

    boost::asio::writable_pipe input_;
    boost::asio::readable_pipe output_;
    boost::asio::readable_pipe log_;
    boost::process::v2::process process_;
    std::string output_buffer_;
    std::string log_buffer_;
    int pid_ = 0;
    bool reaped_ = false;
};

} // namespace ttsave::extraction
