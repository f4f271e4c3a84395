#pragma once

// A condition variable for coroutines: waiting suspends the coroutine instead of blocking its thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

namespace ttsave {

/// Wakes coroutines that wait, on whichever executors, for a state guarded by one mutex to change.
///
/// Thread-safe. Every waiter must run on an executor that runs one handler at a time (a single-threaded io_context or
/// a strand); that is what makes it impossible to lose a wake-up between registering and suspending.
class async_condition {
public:
    using clock = std::chrono::steady_clock;

    /// Suspends until the next `notify_all`, or until `deadline`. `lock` must be held; it is released while the
    /// coroutine is suspended and held again afterwards, also when an exception leaves.
    ///
    /// Returns false when the deadline passed first. Wake-ups may be spurious: callers loop over their predicate.
    /// Cancellation (terminal): throws system_error(operation_aborted).
    boost::asio::awaitable<bool> wait(std::unique_lock<std::mutex>& lock,
                                      clock::time_point deadline = clock::time_point::max());

    /// Wakes all who wait now. May be called with or without the mutex held, from any thread.
    void notify_all();

private:
    std::mutex mutex_;
    std::vector<std::weak_ptr<boost::asio::steady_timer>> waiters_;
};

} // namespace ttsave
