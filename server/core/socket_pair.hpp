#pragma once

// Connections between us and a process that is handed its end of them (unix(7)). Thread-safe, and none but system calls
// when nothing fails.

#include "core/errc.hpp"
#include "core/unique_fd.hpp"

namespace ttsave {

struct socket_pair {
    unique_fd ours;
    unique_fd theirs;
};

/// Two streams connected with each other. Errors: too_many_files_open and the like.
result<socket_pair> make_socket_pair();

/// Sends one byte over `socket`, with a copy of `descriptor` unless that is -1 (SCM_RIGHTS). Never waits.
/// Errors: would_block; broken_pipe and the like when nobody has the other end.
error_code send_descriptor(int socket, int descriptor);

/// What send_descriptor has sent over the other end, closed on exec; none if it came without. Waits for it.
/// Errors: eof when nobody has the other end.
result<unique_fd> receive_descriptor(int socket);

} // namespace ttsave
