#pragma once

// Notices that a client leaves while its request is being worked on.

#include "core/errc.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <memory>

namespace ttsave::http {

/// Watches one socket, over all of its requests. Not thread-safe: lives on the socket's executor, which runs one
/// handler at a time.
class client_watch {
public:
    /// What the client sends meanwhile belongs to its next request and goes into `read_ahead`, up to `most` bytes: the
    /// end of the stream shows only behind it. Both must outlive this object.
    client_watch(boost::asio::ip::tcp::socket& socket, boost::beast::flat_buffer& read_ahead, std::size_t most);
    ~client_watch();
    client_watch(const client_watch&) = delete;
    client_watch& operator=(const client_watch&) = delete;

    /// Does `work`, and cancels it when the client closes its side or the connection breaks. Returns whether the client
    /// has stayed. Exceptions: those of `work`, but for the operation_aborted of a client that has left.
    /// Cancellation: passed on.
    boost::asio::awaitable<bool> during(boost::asio::awaitable<void> work);

private:
    class lookout;
    const std::shared_ptr<lookout> lookout_; // outlives this object in the handlers of the socket's operations
};

} // namespace ttsave::http
