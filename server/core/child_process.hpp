#pragma once

// A program run beside the server: in a process group of its own, seeing nothing of ours, always reaped.

#include "core/child_command.hpp"
#include "core/errc.hpp"
#include "core/unique_fd.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/process/v2/process.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace ttsave {

/// How a process ended.
struct child_end {
    int exit_status = -1; ///< -1 when a signal ended it
    std::string text;     ///< for the log
};

/// A running process and the pipes to its standard streams. It is killed by the kernel if the thread that started it
/// ends, so that not even a SIGKILL of the server leaves one behind.
///
/// Not thread-safe. `stop` must be awaited before destruction; destroying one that still runs kills its process group
/// and leaves a zombie until the server ends.
class child_process {
public:
    /// Errors: those of fork and exec (no_such_file_or_directory, permission_denied...), and of the box
    /// (not_supported).
    static result<std::unique_ptr<child_process>> start(const boost::asio::any_io_executor& executor,
                                                        const child_command& command);
    ~child_process();

    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    int pid() const { return pid_; }

    /// Where its calls of connect() arrive, for a connect_listener: once, and only if its box has it use sockets.
    unique_fd take_connects() { return std::move(connects_); }

    boost::asio::writable_pipe& input() { return input_; }
    boost::asio::readable_pipe& output() { return output_; }

    /// The next line of its standard error, without the newline, or eof. A line over 4,096 bytes comes in pieces.
    /// Cancellation: terminal.
    boost::asio::awaitable<result<std::string>> read_log_line();

    /// Waits until it ends by itself, and reaps it. Cancellation: terminal.
    boost::asio::awaitable<child_end> wait();

    /// Ends the whole process group and reaps the process: closes its standard input and output, sends SIGTERM, and
    /// SIGKILL when it is still there after `grace`. Not cancelled by anything.
    boost::asio::awaitable<child_end> stop(std::chrono::milliseconds grace);

private:
    explicit child_process(const boost::asio::any_io_executor& executor);

    boost::asio::writable_pipe input_;
    boost::asio::readable_pipe output_;
    boost::asio::readable_pipe log_; // its standard error
    std::string log_buffer_;
    unique_fd connects_;
    boost::process::v2::process process_;
    int pid_ = 0;
    bool reaped_ = false;
};

} // namespace ttsave
