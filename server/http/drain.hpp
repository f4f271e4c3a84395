#pragma once

// Knows how many requests are being answered, so that a shutdown can wait for them.

#include "core/async_condition.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <mutex>

namespace ttsave::http {

/// Thread-safe. A ticket costs a lock only while somebody may be waiting.
class drain {
public:
    /// One request being answered.
    class ticket {
    public:
        explicit ticket(drain& owner) : owner_(owner) { ++owner_.active_; }
        ~ticket() { owner_.give_back(); }
        ticket(const ticket&) = delete;
        ticket& operator=(const ticket&) = delete;

    private:
        drain& owner_;
    };

    /// From now on requests are to be refused.
    void begin() { has_begun_ = true; }
    bool has_begun() const { return has_begun_; }

    /// Makes `wait` return at once.
    void give_up();

    /// Returns true when no request is being answered, false when `deadline` or give_up comes first. After `begin`.
    boost::asio::awaitable<bool> wait(async_condition::clock::time_point deadline);

private:
    void give_back();

    std::atomic<std::size_t> active_ = 0;
    std::atomic<bool> has_begun_ = false;

    std::mutex mutex_;
    async_condition changed_;
    bool has_given_up_ = false;
};

} // namespace ttsave::http
