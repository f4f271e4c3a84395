#pragma once

// Signs of life that are true: one is given only after every thread has answered.

#include "app/notifier.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <vector>

namespace ttsave::app {

/// Goes through all threads, one after the other, with a handler among those of their connections, and then tells the
/// service manager that the process lives. A thread that is stuck holds that handler, and with it all further signs:
/// the service manager finds out and starts the process anew. There is nothing else that could be done about such a
/// thread, hence no deadline of our own.
class watchdog {
public:
    /// `threads` run one handler at a time each. `limit` is how long the service manager bears silence; 0: for ever,
    /// and there is nothing to do. `told` must outlive the watchdog.
    watchdog(std::vector<boost::asio::any_io_executor> threads, std::chrono::microseconds limit, const notifier& told);

    /// Gives a sign every half of the limit until it is cancelled, on an executor that must be the first of the
    /// threads. The end of a cancellation waits for the thread that the handler is with. Must not outlive the watchdog.
    boost::asio::awaitable<void> run() const;

private:
    const std::vector<boost::asio::any_io_executor> threads_;
    const std::chrono::microseconds limit_;
    const notifier& told_;
};

} // namespace ttsave::app
