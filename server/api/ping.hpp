#pragma once

// {base}/ping and /ping: tells clients that the server is there.
// Source: shared contract, "Endpoints".

#include "http/exchange.hpp"

#include <boost/asio/awaitable.hpp>

namespace ttsave::api {

boost::asio::awaitable<void> answer_ping(http::exchange& asked);

} // namespace ttsave::api
