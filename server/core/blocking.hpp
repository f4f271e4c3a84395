#pragma once

// Runs what may block its thread on a thread pool, and resumes the coroutine on its own executor.

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

namespace ttsave {

/// Calls `function` (which must not throw) on `threads` and returns its value. Not cancellable: the function itself
/// must end in bounded time, and its captures must stay valid until then.
template <typename Function>
boost::asio::awaitable<std::invoke_result_t<Function>> run_blocking(boost::asio::thread_pool& threads,
                                                                    Function function)
{
    namespace asio = boost::asio;
    using value_type = std::invoke_result_t<Function>;
    // Named before the co_await: see shared/style.md on g++ 12 and lambdas inside co_await expressions.
    auto initiation = [&threads, &function](auto handler) {
        auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        asio::post(threads, [&function, handler = std::move(handler), executor, guard]() mutable {
            auto resume = [handler = std::move(handler), value = function()]() mutable {
                std::move(handler)(std::move(value));
            };
            asio::post(executor, std::move(resume));
        });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(value_type)>(initiation,
                                                                                              asio::use_awaitable);
}

} // namespace ttsave
