#include "core/concurrently.hpp"

#include "core/task_group.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>

namespace ttsave {

namespace asio = boost::asio;

namespace {

/// On one executor only.
struct work_left {
    std::size_t next = 0;
    error_code failure;
    std::exception_ptr thrown;
    task_group runners;

    bool has_failed() const { return failure || thrown; }
};

asio::awaitable<void> run_steps(work_left& left, std::size_t count,
                                const std::function<asio::awaitable<result<void>>(std::size_t)>& step)
{
    while (left.next < count && !left.has_failed()) {
        try {
            const auto done = co_await step(left.next++);
            if (!done && !left.has_failed())
                left.failure = done.error();
        } catch (...) {
            if (!left.has_failed())
                left.thrown = std::current_exception();
        }
    }
    if (left.has_failed())
        left.runners.cancel();
}

} // namespace

asio::awaitable<result<void>> concurrently(std::size_t count, std::size_t most,
                                           std::function<asio::awaitable<result<void>>(std::size_t)> step)
{
    const auto executor = co_await asio::this_coro::executor;
    work_left left;
    for (std::size_t runners = std::min(count, most); runners > 0; --runners)
        left.runners.spawn(executor, run_steps(left, count, step), "concurrent step");
    std::exception_ptr interruption;
    try {
        co_await left.runners.join();
    } catch (...) {
        interruption = std::current_exception();
    }
    if (interruption) {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        left.runners.cancel();
        co_await left.runners.join();
        std::rethrow_exception(interruption);
    }
    if (left.thrown)
        std::rethrow_exception(left.thrown);
    if (left.failure)
        co_return left.failure;
    co_return result<void>();
}

} // namespace ttsave
