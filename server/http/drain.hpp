#pragma once

// Knows how many requests are being answered, so that a shutdown can wait for them.

#include "core/async_condition.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <mutex>

namespace ttsave::http {

/// Thread-safe.
class drain {
public:
    /// One request being answered.
    class ticket {
    public:
        explicit ticket(drain& owner) : owner_(owner) { owner_.change(1); }
        ~ticket() { owner_.change(-1); }
        ticket(const ticket&) = delete;
        ticket& operator=(const ticket&) = delete;

    private:
        drain& owner_;
    };

    /// From now on requests are to be refused.
    void begin();
    bool has_begun() const;

    /// Makes `wait` return at once.
    void give_up();

    /// Returns true when no request is being answered, false when `deadline` or give_up comes first.
    boost::asio::awaitable<bool> wait(async_condition::clock::time_point deadline);

private:
    void change(int by);

    mutable std::mutex mutex_;
    async_condition changed_;
    std::size_t active_ = 0;
    bool has_begun_ = false;
    bool has_given_up_ = false;
};

} // namespace ttsave::http
