#pragma once

// What a service manager tells a process that it starts. The protocol is systemd's, which others speak as well:
// sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3).

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ttsave::app {

/// The first of the descriptors that are handed over; the others follow (SD_LISTEN_FDS_START).
inline constexpr int first_handed_descriptor = 3;

/// Plain values; all of them empty for a process that nobody supervises.
struct supervision {
    std::string notify_socket;            ///< where to tell how things go: a path, or @ and an abstract name
    std::chrono::microseconds watchdog{}; ///< silence for so long is taken for death; 0: never
    std::size_t descriptors = 0;          ///< how many are handed over
};

/// Reads NOTIFY_SOCKET, WATCHDOG_USEC and LISTEN_FDS of `environment` ("NAME=value"). What is meant for a process other
/// than `self` (WATCHDOG_PID, LISTEN_PID) does not count. Throws std::runtime_error for a number that is none.
supervision read_supervision(const std::vector<std::string>& environment, pid_t self);

} // namespace ttsave::app
