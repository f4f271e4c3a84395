#pragma once

// Which system calls a program run beside the server may make: a list of what it needs. What is not on it does not
// exist for the program (ENOSYS), which is what the C library expects of a kernel that lacks something. Two programs
// for seccomp(2), of whose answers the kernel takes the stricter one.

#include <linux/filter.h>

#include <vector>

namespace ttsave {

struct call_needs {
    const char* program = nullptr;  ///< what execve may be given: this very address, which no later program can have
    bool opens_for_writing = false; ///< otherwise files are opened for reading only
    bool uses_sockets = false;      ///< calls connect(), which the other filter may hold. Otherwise there are none
};

/// The list. Thread-safe. Throws std::system_error if libseccomp fails, std::bad_alloc.
std::vector<sock_filter> compile_filter(const call_needs& needs);

/// Has connect() wait for an answer from outside (hold_connects), when what it is given has the length of an IPv4
/// address, and fail otherwise (ECONNREFUSED); and lets TCP's options be set on what is no TCP, without any effect.
/// Thread-safe. Throws as above.
std::vector<sock_filter> compile_connect_filter();

/// Whether this kernel takes such programs, and the list is known to be complete on its architecture.
bool filters_system_calls();

} // namespace ttsave
