#pragma once

// Ends a connection that is of no further use so that its client sees the answer.

#include "http/client_places.hpp"
#include "http/serving.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>

namespace ttsave::http {

/// Reads on, for `patience` and a limited number of bytes at most, until the client has closed its side too: closing
/// while it still sends would reset the connection and lose the answer on its way (RFC 9112 section 9.6).
/// Runs on the socket's executor. Cancellation: terminal.
boost::asio::awaitable<void> linger(boost::asio::ip::tcp::socket& socket, std::chrono::seconds patience);

/// Answers 503 whatever was or will be asked. Returns whether that has left, for which a full socket gets `patience`.
/// Runs on the socket's executor. Cancellation: terminal.
boost::asio::awaitable<bool> tell_unavailable(boost::asio::ip::tcp::socket& socket, const serving& shared,
                                              std::chrono::seconds patience);

/// Answers 503 whatever will be asked, and closes. `held` is this refusal's own place among those under way.
/// Runs on the socket's executor. Cancellation: terminal.
boost::asio::awaitable<void> turn_away(boost::asio::ip::tcp::socket socket, std::unique_ptr<client_places::place> held,
                                       const serving& shared);

} // namespace ttsave::http
