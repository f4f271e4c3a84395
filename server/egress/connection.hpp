#pragma once

// One connection to the gate: what is asked over it, and the tunnel that may come of that.

#include "egress/connect_request.hpp"
#include "net/curl_handle.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ttsave::net {
class outbound_tunnel;
}

namespace ttsave::egress {

/// Owned by whoever serves it. Not thread-safe: everything happens on the socket's executor, which must run one handler
/// at a time.
class connection : public std::enable_shared_from_this<connection> {
public:
    using socket = boost::asio::generic::stream_protocol::socket;

    explicit connection(socket client);
    ~connection();

    /// What the client asks; nothing when it asks for nothing within 5 s, or sends more than that, or is hung up on.
    /// Cancellation: terminal.
    boost::asio::awaitable<std::optional<connect_request>> read_request();

    /// Answers with a status and nothing else. Cancellation: terminal.
    boost::asio::awaitable<void> refuse(std::string_view status);

    /// Leads the client to port 443 of `host`, by `way`, until one of the two is done; or tells it why not.
    /// `connectors` are threads that may be blocked; they and `options` must outlive this. Cancellation: terminal.
    boost::asio::awaitable<void> relay(const net::network_options& options, boost::asio::thread_pool& connectors,
                                       net::route way, std::string host);

    /// Hangs up, on both sides, whatever is going on.
    void close();

private:
    boost::asio::awaitable<void> answer(std::string_view head);
    boost::asio::awaitable<void> pump_up();
    boost::asio::awaitable<void> pump_down();

    socket client_;
    std::unique_ptr<net::outbound_tunnel> server_;
    std::atomic<bool> is_closed_ = false; // read by connect_tunnel on its thread
};

} // namespace ttsave::egress
