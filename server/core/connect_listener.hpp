#pragma once

// Calls of connect(2) that another process makes and this one answers, with a connection of ours or a refusal:
// seccomp's user notification (seccomp_unotify(2)). Which library there calls, and how, makes no difference.

#include "core/errc.hpp"
#include "core/unique_fd.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <linux/filter.h>
#include <sys/types.h>

#include <cstdint>
#include <span>

namespace ttsave {

/// Has the calling thread, and all that it starts and executes from now on, wait in connect() for whoever has the
/// descriptor that this returns (closed on exec); -1 with errno. `filter` is compile_connect_filter()'s. No privileges
/// may be to be gained (PR_SET_NO_NEW_PRIVS). Only makes system calls: may be used between fork and exec.
int hold_connects(std::span<const sock_filter> filter) noexcept;

/// Whether there can be a connect_listener here: Linux 5.9, and nobody around us who listens in the same way, of which
/// the kernel has one at a time. Tries it, on a thread of its own. Thread-safe.
bool can_hold_connects();

/// A call that waits for its answer.
struct held_connect {
    std::uint64_t id = 0;
    pid_t thread = 0;    ///< that calls
    int descriptor = -1; ///< what it wants connected: any number that it has come up with
};

/// Where the calls of a process and its threads arrive. Not thread-safe. With it ends whatever is left unanswered, and
/// every later call, as a call that does not exist (ENOSYS).
class connect_listener {
public:
    /// `listener` is what hold_connects has returned, in whichever process.
    connect_listener(const boost::asio::any_io_executor& executor, unique_fd listener);

    /// The next call. Errors: eof when all that could call have ended. Cancellation: terminal; close() likewise.
    boost::asio::awaitable<result<held_connect>> next();

    /// Has the call succeed at once, with `connection` in place of what it wanted connected: closed on exec, and
    /// blocking or not, as that was. Other numbers of the same socket (dup(2)) are not connected. Waits for the
    /// caller's thread to take it, which the kernel has it do at once.
    ///
    /// Errors: bad_file_descriptor, not_a_socket and the like, which the caller is told; no_such_file_or_directory when
    /// it is gone.
    error_code hand(const held_connect& call, unique_fd connection);

    /// Has the call fail. Nothing happens when the caller is gone.
    void refuse(const held_connect& call, int error_number);

    void close();

private:
    result<held_connect> receive();
    error_code fail(const held_connect& call, error_code reason);
    error_code answer(const held_connect& call, int error_number);

    boost::asio::posix::stream_descriptor listener_;
};

} // namespace ttsave
