#pragma once

// One connection, from its first request to its end.

#include "http/client_places.hpp"
#include "http/drain.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"
#include "http/socket_writer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <memory>
#include <optional>
#include <string>

namespace ttsave::http {

/// Reads requests one after the other and has their handlers answer them. Lives on its socket's executor only.
class session {
public:
    /// The references must outlive the session.
    session(boost::asio::ip::tcp::socket socket, std::unique_ptr<client_places::place> held, const router& routes,
            const limits& bounds, drain& draining);

    /// Returns when the connection is closed. A client that closes its side while a handler works for it counts as
    /// gone (as with uvicorn): the handler is cancelled. Between two requests the session makes room for another client
    /// where there is none. Cancellation: terminal; closes the connection at once.
    boost::asio::awaitable<void> run();

private:
    using header_parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<bool> wait_for_request();
    boost::asio::awaitable<std::optional<error_code>> read_header(header_parser& parser);
    boost::asio::awaitable<error_code> read_body(header_parser& parser, body_policy policy, std::string& body);
    boost::asio::awaitable<error_code> discard_body(header_parser& parser);
    boost::asio::awaitable<bool> refuse(const header_parser& parser, response answer);
    boost::asio::awaitable<bool> dispatch(header_parser& parser);
    boost::asio::awaitable<bool> run_handler(exchange& current, const handler& handle);
    boost::asio::awaitable<void> guarded(exchange& current, const handler& handle);
    boost::asio::awaitable<void> until_client_leaves();
    void log(const exchange& ended, std::chrono::steady_clock::time_point begin) const;
    void reset();

    const std::unique_ptr<client_places::place> place_; // given back after the socket is closed
    boost::asio::ip::tcp::socket socket_;
    const router& router_;
    const limits& limits_;
    drain& drain_;
    socket_writer out_;
    boost::beast::flat_buffer buffer_;
    std::string client_;
    bool has_served_ = false;
};

} // namespace ttsave::http
