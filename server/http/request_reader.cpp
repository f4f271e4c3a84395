#include "http/request_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <utility>

namespace ttsave::http {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using clock = socket_deadline::clock;

namespace {

/// What is read at a time: most requests come in one piece.
constexpr std::size_t read_bytes = 4096;

} // namespace

/// Adds what comes to the buffer.
asio::awaitable<error_code> request_reader::receive(time_point deadline)
{
    deadline_.set(deadline);
    const auto space = buffer_.prepare(read_bytes);
    const auto [ec, got] = co_await socket_.async_read_some(space, asio::as_tuple(asio::use_awaitable));
    deadline_.clear();
    buffer_.commit(got);
    co_return deadline_.has_passed() ? error_code(asio::error::timed_out) : ec;
}

/// Feeds the parser until it has enough.
template <typename Parser>
asio::awaitable<error_code> request_reader::parse(Parser& parser, bool (*is_enough)(const Parser&), time_point deadline)
{
    while (!is_enough(parser)) {
        error_code ec = beast_http::make_error_code(beast_http::error::need_more);
        if (buffer_.size() > 0)
            buffer_.consume(parser.put(buffer_.data(), ec));
        if (!ec)
            continue;
        if (ec != beast_http::error::need_more)
            co_return ec;
        ec = co_await receive(deadline);
        if (ec == asio::error::eof)
            parser.put_eof(ec);
        if (ec)
            co_return ec;
    }
    co_return error_code();
}

asio::awaitable<error_code> request_reader::read_header()
{
    parser_.emplace();
    parser_->header_limit(limits_.header_bytes);
    parser_->body_limit(boost::none); // per route
    const auto is_enough = [](const header_parser& asked) { return asked.is_header_done(); };
    return parse<header_parser>(*parser_, is_enough, clock::now() + limits_.header);
}

asio::awaitable<error_code> request_reader::read_body(body_policy policy, std::string& body)
{
    auto& parser = *parser_;
    if (policy == body_policy::keep && parser.content_length().value_or(0) > limits_.body_bytes)
        co_return beast_http::make_error_code(beast_http::error::body_limit);
    if (boost::beast::iequals(parser.get()[field::expect], "100-continue"))
        if (const auto sent = co_await out_.send("HTTP/1.1 100 Continue\r\n\r\n"); !sent)
            co_return sent.error();
    const auto deadline = clock::now() + limits_.body;
    if (policy == body_policy::ignore)
        co_return co_await discard_body(deadline);
    co_return co_await keep_body(body, deadline);
}

asio::awaitable<error_code> request_reader::keep_body(std::string& body, time_point deadline)
{
    using body_parser = beast_http::request_parser<beast_http::string_body>;
    body_parser whole(std::move(*parser_));
    whole.body_limit(limits_.body_bytes);
    const auto is_enough = [](const body_parser& asked) { return asked.is_done(); };
    const auto ec = co_await parse<body_parser>(whole, is_enough, deadline);
    body = std::move(whole.get().body());
    parser_->get().base() = std::move(whole.get().base());
    co_return ec;
}

asio::awaitable<error_code> request_reader::discard_body(time_point deadline)
{
    using body_parser = beast_http::request_parser<beast_http::buffer_body>;
    body_parser rest(std::move(*parser_));
    std::array<char, read_bytes> scratch;
    const auto is_enough = [](const body_parser& asked) { return asked.is_done() || asked.get().body().size == 0; };
    error_code ec;
    while (!ec && !rest.is_done()) {
        rest.get().body().data = scratch.data();
        rest.get().body().size = scratch.size();
        ec = co_await parse<body_parser>(rest, is_enough, deadline);
        if (ec == beast_http::error::need_buffer)
            ec = {};
    }
    parser_->get().base() = std::move(rest.get().base());
    co_return ec;
}

} // namespace ttsave::http
