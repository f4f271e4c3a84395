#pragma once

// Tells the service manager how things go, as sd_notify(3) describes it. Why without its library:
// docs/decisions/020-systemd-without-its-library.md.

#include "core/unique_fd.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <string>
#include <string_view>

namespace ttsave::app {

/// Each call is one datagram, after which nothing is waited for. A service manager that does not take it is worth a
/// warning and no more; its queue being full, a call blocks for a second at most. One thread at a time.
class notifier {
public:
    /// `socket_name`: a path, or @ and an abstract name; empty: nobody is there to be told, and nothing is sent.
    explicit notifier(const std::string& socket_name);

    /// Requests are served: said after the start, and after each `reloading`. `status` is for people.
    void ready(std::string_view status) const;

    /// Settings are being read again; `ready` follows.
    void reloading() const;

    /// The end has begun, and takes `at_most`, which the service manager is asked to wait.
    void stopping(std::string_view status, std::chrono::microseconds at_most) const;

    /// A sign of life, for the watchdog.
    void beat() const;

private:
    void send(const std::string& message) const;

    unique_fd socket_;
    sockaddr_un address_ = {};
    socklen_t address_size_ = 0; // 0: nobody is told
};

} // namespace ttsave::app
