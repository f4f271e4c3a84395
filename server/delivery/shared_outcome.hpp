#pragma once

// The outcome of one operation, for all who wait for it.

#include "core/async_condition.hpp"
#include "core/errc.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace ttsave::delivery {

/// Thread-safe. To be used with shared_work.
template <typename Value>
class shared_outcome {
public:
    /// `place`: whatever is to be held for as long as this object lives.
    explicit shared_outcome(std::shared_ptr<void> place = nullptr) : place_(std::move(place)) {}

    /// Awaits `operation`, once, and tells everybody. Cancellation: terminal; those who wait see shutting_down, since
    /// whoever still waits then has not been the one to cancel.
    static boost::asio::awaitable<void> run(std::shared_ptr<shared_outcome> self,
                                            boost::asio::awaitable<result<Value>> operation)
    {
        struct ender {
            shared_outcome& told;
            result<Value> outcome = errc::shutting_down;
            ~ender() { told.set(std::move(outcome)); }
        } end{*self};
        end.outcome = co_await std::move(operation);
    }

    /// The outcome; tiktok_timeout when there is none at `deadline`. Cancellation: terminal.
    boost::asio::awaitable<result<Value>>
    wait(async_condition::clock::time_point deadline = async_condition::clock::time_point::max())
    {
        std::unique_lock lock(mutex_);
        while (!outcome_)
            if (!co_await changed_.wait(lock, deadline) && !outcome_)
                co_return errc::tiktok_timeout;
        co_return *outcome_;
    }

    /// The value, if there is one by now.
    std::optional<Value> outcome() const
    {
        const std::lock_guard lock(mutex_);
        return outcome_ && *outcome_ ? std::optional<Value>(**outcome_) : std::nullopt;
    }

    bool is_joinable() const
    {
        const std::lock_guard lock(mutex_);
        return !outcome_ || *outcome_;
    }
    static bool is_whole() { return false; }
    const std::shared_ptr<void>& place() const { return place_; }

private:
    void set(result<Value> outcome)
    {
        const std::lock_guard lock(mutex_);
        outcome_ = std::move(outcome);
        changed_.notify_all();
    }

    const std::shared_ptr<void> place_;
    mutable std::mutex mutex_;
    async_condition changed_;
    std::optional<result<Value>> outcome_;
};

} // namespace ttsave::delivery
