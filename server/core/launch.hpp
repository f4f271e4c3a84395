#pragma once

// From a command to a process that runs it: fork and exec. Ours, since Boost.Process' launcher allocates in between.

#include "core/child_command.hpp"
#include "core/errc.hpp"

#include <sys/types.h>

namespace ttsave {

/// Descriptors of ours that become a program's 0, 1 and 2. Not owned.
struct standard_streams {
    int input;
    int output;
    int error;
};

/// Starts the command's program as the leader of a process group of its own, with signals as a program expects them,
/// and nothing open but `streams` and the command's descriptors. It is killed when the calling thread ends. Returns its
/// id once it executes the program; whoever calls has to reap it.
///
/// `box` is the command's, opened; may be null. Errors: those of fork and exec (no_such_file_or_directory,
/// permission_denied...) and of the box; no process is left then. Blocks until the program is executed, some
/// milliseconds. Thread-safe; may be called while other threads run, and wait for locks: between fork and exec it only
/// makes system calls, since any lock, that of the allocator as well, may be another thread's for ever there.
result<pid_t> launch(const child_command& command, const confinement::entrance* box, standard_streams streams);

} // namespace ttsave
