#pragma once

// Keeps accepting from running ahead of those who serve.

#include "core/async_condition.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <mutex>

namespace ttsave::http {

/// Where connections stand from when they are accepted until their thread turns to them. Thread-safe. Must outlive its
/// places.
class starting_line {
public:
    explicit starting_line(std::size_t most) : most_(most) {}

    /// A place, left with its last owner.
    std::shared_ptr<void> stand();

    /// Returns when there are fewer than the most. Cancellation: terminal.
    boost::asio::awaitable<void> room();

private:
    void leave();

    const std::size_t most_;
    std::mutex mutex_;
    async_condition changed_;
    std::size_t standing_ = 0;
};

} // namespace ttsave::http
