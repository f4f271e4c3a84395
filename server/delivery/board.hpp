#pragma once

// Every delivery under way, and the limit on how many there may be.

#include "core/errc.hpp"
#include "core/task_group.hpp"
#include "delivery/delivery.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <mutex>

namespace ttsave::delivery {

/// Starts deliveries and ends those that nobody waits for. Thread-safe.
class board {
public:
    /// A reader's share in a delivery; when the last one goes, the delivery is cancelled and its files vanish.
    /// Must not outlive the board.
    using share = std::shared_ptr<delivery>;

    board(const delivery_services& services, delivery_options options, std::size_t max_deliveries);

    /// Starts the delivery of `link` as `mode` says, to run on `executor`.
    /// Errors: overloaded (max_deliveries are under way), shutting_down.
    result<share> join(const boost::asio::any_io_executor& executor, const extraction::post_link& link,
                       content_mode mode);

    /// Cancels every delivery and waits for their ends; must be awaited before destruction.
    boost::asio::awaitable<void> stop();

private:
    void leave();

    const delivery_services services_;
    const delivery_options options_;
    const std::size_t max_deliveries_;

    std::mutex mutex_;
    std::size_t held_ = 0; // deliveries that exist: under way, or still being read
    bool stopping_ = false;

    task_group tasks_;
};

} // namespace ttsave::delivery
