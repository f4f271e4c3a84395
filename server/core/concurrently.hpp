#pragma once

// Several steps of one piece of work at a time.

#include "core/errc.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>

namespace ttsave {

/// Runs `step(0)` to `step(count - 1)` on the calling coroutine's executor, begun in this order and at most `most` of
/// them at a time. The executor must run one handler at a time.
///
/// Returns once all have ended. After a failure no further step begins, those under way are cancelled, and it is the
/// first failure that is returned; the same holds for an exception, which is thrown on.
/// Cancellation (terminal): passed on to the steps; ends when they have.
boost::asio::awaitable<result<void>>
concurrently(std::size_t count, std::size_t most,
             std::function<boost::asio::awaitable<result<void>>(std::size_t index)> step);

} // namespace ttsave
