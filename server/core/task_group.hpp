#pragma once

// Owns the coroutines that nobody awaits: none is started "detached", all can be cancelled and waited for.

#include "core/async_condition.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

namespace ttsave {

/// A set of running coroutines, each on its own executor. Thread-safe.
///
/// Must outlive its tasks: the owner calls `cancel()` and awaits `join()` before destroying it.
class task_group {
public:
    /// One running coroutine.
    class task {
    public:
        explicit task(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
        /// Requests its terminal cancellation. Thread-safe; harmless when it has ended.
        static void cancel(const std::shared_ptr<task>& self);

    private:
        friend class task_group;
        const boost::asio::any_io_executor executor_;
        boost::asio::cancellation_signal signal_; // touched on the executor only
    };

    /// Starts `body` on `executor`. An exception that leaves it is logged under `name` (a literal), unless it is the
    /// operation_aborted of a cancellation. After `cancel()` nothing is started any more, and null returned.
    std::shared_ptr<task> spawn(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> body,
                                std::string_view name);

    /// Requests terminal cancellation of every task, now and of later ones before they start.
    void cancel();

    /// Returns true once no task is left, false when `deadline` passes first.
    boost::asio::awaitable<bool>
    join(async_condition::clock::time_point deadline = async_condition::clock::time_point::max());

    std::size_t size() const;

private:
    void run(const std::shared_ptr<task>& started, boost::asio::awaitable<void> body, std::string_view name);
    void finished(const std::shared_ptr<task>& ended);

    mutable std::mutex mutex_;
    async_condition changed_;
    std::list<std::shared_ptr<task>> tasks_;
    bool cancelled_ = false;
};

} // namespace ttsave
