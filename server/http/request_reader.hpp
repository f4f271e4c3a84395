#pragma once

// Reads one client's requests, each part of them within its time.

#include "core/errc.hpp"
#include "http/head_check.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"
#include "http/socket_deadline.hpp"
#include "http/socket_writer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ttsave::http {

using header_parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

/// Not thread-safe: on the socket's executor, one operation at a time.
///
/// Errors of all operations: timed_out when the client is too slow, those of the connection (eof where it has ended
/// between two requests), and request_error for what is no request. Cancellation: terminal.
class request_reader {
public:
    /// The references must outlive this object. `out` is where a client that waits for it is told to go on.
    request_reader(boost::asio::ip::tcp::socket& socket, socket_deadline& deadline, socket_writer& out,
                   const limits& bounds)
        : socket_(socket), deadline_(deadline), out_(out), limits_(bounds)
    {
    }

    /// Whether something of the next request has come.
    bool has_bytes() const { return buffer_.size() > 0; }

    /// Waits for the next request's first bytes.
    boost::asio::awaitable<error_code> first_bytes() { return receive(socket_deadline::clock::now() + limits_.idle); }

    /// Reads the next request's header into parser(), once it has passed head_check.
    boost::asio::awaitable<error_code> read_header();

    /// The request that is being read. After read_header, however it has ended.
    header_parser& parser() { return *parser_; }

    /// Its method, as far as it has come; verb::unknown before.
    verb method() const { return head_->method(); }

    /// After read_header: whether there is anything for read_body to read.
    bool has_body() const { return head_->is_chunked() || head_->content_length() > 0; }

    /// After read_header: whether the client has sent nothing of the body because it waits to be told to go on.
    bool must_continue() const { return head_->expects_continue() && has_body() && buffer_.size() == 0; }

    /// After read_header, if there is a body. One that is kept goes into `body`; body_too_large if it is too large.
    boost::asio::awaitable<error_code> read_body(body_policy policy, std::string& body);

    /// What has come of the next request.
    boost::beast::flat_buffer& read_ahead() { return buffer_; }

private:
    using time_point = socket_deadline::clock::time_point;

    boost::asio::awaitable<error_code> receive(time_point deadline);
    std::string_view received() const;
    error_code parse_head();
    error_code keep(std::string* body, std::string_view piece) const;
    boost::asio::awaitable<error_code> read_counted(std::string* body, time_point deadline);
    boost::asio::awaitable<error_code> read_chunked(std::string* body, time_point deadline);

    boost::asio::ip::tcp::socket& socket_;
    socket_deadline& deadline_;
    socket_writer& out_;
    const limits& limits_;
    boost::beast::flat_buffer buffer_;
    // Here rather than in a coroutine's frame, which is to stay small.
    std::optional<head_check> head_;
    std::optional<header_parser> parser_;
};

} // namespace ttsave::http
