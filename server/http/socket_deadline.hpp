#pragma once

// A connection's deadline, cheap enough to be moved with every request.

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace ttsave::http {

/// A time by which what a socket waits for has to have happened; then all of the socket's operations are cancelled.
/// Moving it back and forth costs no timer: one is armed when there is none that is early enough.
///
/// Not thread-safe: lives on the socket's executor, which runs one handler at a time.
class socket_deadline {
public:
    using clock = std::chrono::steady_clock;

    /// There is no deadline yet. `socket` must outlive this object.
    explicit socket_deadline(boost::asio::ip::tcp::socket& socket);
    ~socket_deadline();
    socket_deadline(const socket_deadline&) = delete;
    socket_deadline& operator=(const socket_deadline&) = delete;

    void set(clock::time_point when);
    void clear();

    /// Whether it has ever passed: the connection is of no further use.
    bool has_passed() const;

    /// Makes it pass. The function may be called on any thread, and when this object is gone.
    std::function<void()> trigger() const;

private:
    class alarm;
    const std::shared_ptr<alarm> alarm_; // outlives this object in the timer's handler
};

} // namespace ttsave::http
