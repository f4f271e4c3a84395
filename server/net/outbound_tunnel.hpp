#pragma once

// A byte stream to one host and port by a given way out, whatever kind of proxy that goes through.

#include "core/errc.hpp"
#include "net/curl_handle.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ttsave::net {

/// Establishes a connection that carries no protocol yet, by `way`, which is told when that does not work: it is for
/// hosts that are always there. Blocks for up to 10 s, so call it on a thread that may. When it is abandoned within 3
/// s, `way` is told nothing.
///
/// Errors: asio::error::timed_out; asio::error::connection_refused for everything else, an address that is not
/// public included (make_easy_handle). Setting `abandoned` makes it fail within about a second.
result<easy_handle> connect_tunnel(const network_options& options, const route& way, const std::string& host,
                                   std::uint16_t port, const std::atomic<bool>& abandoned);

/// The established connection, read and written by coroutines of one executor that runs one handler at a time; one
/// read and one write may be under way together.
class outbound_tunnel {
public:
    /// Takes over what connect_tunnel gave. Throws system_error if the descriptor cannot be watched.
    outbound_tunnel(const boost::asio::any_io_executor& executor, easy_handle connected);
    ~outbound_tunnel();

    outbound_tunnel(const outbound_tunnel&) = delete;
    outbound_tunnel& operator=(const outbound_tunnel&) = delete;

    /// Reads at least one byte; 0 at the end of the stream or when it broke. Cancellation: terminal.
    boost::asio::awaitable<std::size_t> read_some(std::span<char> into);
    /// Writes everything; false when the stream broke. Cancellation: terminal.
    boost::asio::awaitable<bool> write(std::span<const char> bytes);

    /// Makes reads and writes under way, and all later ones, find the stream broken.
    void cancel();

private:
    boost::asio::awaitable<bool> until_ready(boost::asio::posix::stream_descriptor::wait_type what);

    easy_handle curl_;
    boost::asio::posix::stream_descriptor readiness_;
    bool cancelled_ = false;
};

} // namespace ttsave::net
