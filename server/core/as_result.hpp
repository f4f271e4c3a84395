#pragma once

// The completion token of coroutines here: an operation's error comes back as a value, and is not thrown.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ttsave {

inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace ttsave
