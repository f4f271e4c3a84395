#pragma once

// Gives an asynchronous operation a deadline.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace ttsave {

/// The value of `operation`, or nothing when `deadline` passes first; the operation is cancelled then and has ended
/// before this returns. `operation` must not throw for reasons of its own: turn failures into values (as_tuple).
/// Cancellation: passed on.
template <typename Value>
boost::asio::awaitable<std::optional<Value>> before(std::chrono::steady_clock::time_point deadline,
                                                    boost::asio::awaitable<Value> operation)
{
    using namespace boost::asio::experimental::awaitable_operators;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, deadline);
    auto alarm = timer.async_wait(boost::asio::use_awaitable);
    auto outcome = co_await (std::move(operation) || std::move(alarm));
    if (outcome.index() == 0)
        co_return std::move(std::get<0>(outcome));
    co_return std::nullopt;
}

} // namespace ttsave
