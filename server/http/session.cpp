#include "http/session.hpp"

#include "core/deadline.hpp"
#include "core/random_token.hpp"
#include "http/error_response.hpp"
#include "http/refusal.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <spdlog/spdlog.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace ttsave::http {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using clock = std::chrono::steady_clock;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::string peer_of(const tcp::socket& socket)
{
    error_code ec;
    const auto endpoint = socket.remote_endpoint(ec);
    return ec ? std::string("-") : endpoint.address().to_string();
}

/// The answer to a request that cannot be read; none when there is nobody to answer.
std::optional<response> answer_to(const error_code& error)
{
    static const auto* const http_category = &beast_http::make_error_code(beast_http::error::end_of_stream).category();
    if (error == beast_http::error::end_of_stream || error.category() != *http_category)
        return std::nullopt;
    if (error == beast_http::error::header_limit || error == beast_http::error::buffer_overflow)
        return error_response(status::request_header_fields_too_large, "Request Header Fields Too Large");
    if (error == beast_http::error::body_limit)
        return error_response(status::payload_too_large, "Request Entity Too Large");
    return error_response(status::bad_request, "Invalid HTTP request received");
}

/// Rules that Beast's parser leaves to its user.
bool is_well_formed(const beast_http::request_parser<beast_http::empty_body>& parser)
{
    const auto& head = parser.get();
    const bool has_host = head.version() < 11 || head.count(field::host) == 1;              // RFC 9112 section 3.2
    const bool has_framing = head.count(field::transfer_encoding) == 0 || parser.chunked(); // RFC 9112 section 6.3
    return has_host && has_framing;
}

} // namespace

session::session(tcp::socket socket, std::unique_ptr<client_places::place> held, const router& routes,
                 const limits& bounds, drain& draining)
    : place_(std::move(held)), socket_(std::move(socket)), router_(routes), limits_(bounds), drain_(draining),
      out_(socket_, bounds.write), client_(peer_of(socket_))
{
    tune(socket_);
}

asio::awaitable<void> session::run()
{
    while (co_await serve_one())
        has_served_ = true;
    error_code ignored;
    socket_.close(ignored);
}

/// Returns whether the connection can take another request.
asio::awaitable<bool> session::serve_one()
{
    header_parser parser;
    parser.header_limit(limits_.header_bytes);
    parser.body_limit(boost::none); // per route
    const auto failure = co_await read_header(parser);
    if (!failure)
        co_return false;
    if (!*failure)
        co_return co_await dispatch(parser);
    if (auto answer = answer_to(*failure))
        co_return co_await refuse(parser, std::move(*answer));
    co_return false;
}

/// False when the connection is idle for too long, over, or given up for another one.
asio::awaitable<bool> session::wait_for_request()
{
    using namespace asio::experimental::awaitable_operators;
    if (has_served_)
        place_->offer();
    auto waiting = socket_.async_wait(tcp::socket::wait_read, as_result);
    auto losing = place_->lost(clock::now() + limits_.idle);
    const auto first = co_await (std::move(waiting) || std::move(losing));
    co_return place_->keep() && first.index() == 0 && !std::get<0>(std::get<0>(first));
}

/// Nothing when the connection is idle for too long or its client slow; else the error, or none.
asio::awaitable<std::optional<error_code>> session::read_header(header_parser& parser)
{
    if (buffer_.size() == 0 && !co_await wait_for_request())
        co_return std::nullopt;
    auto reading = beast_http::async_read_header(socket_, buffer_, parser, as_result);
    const auto read = co_await before(clock::now() + limits_.header, std::move(reading));
    if (!read)
        co_return std::nullopt;
    co_return std::get<0>(*read);
}

asio::awaitable<bool> session::dispatch(header_parser& parser)
{
    const auto& head = parser.get();
    if (!is_well_formed(parser))
        co_return co_await refuse(parser, error_response(status::bad_request, "Invalid HTTP request received"));

    const auto target = head.target();
    std::string path = path_of({target.data(), target.size()});
    const auto match = router_.find(head.method(), path);
    const route* const* const found = std::get_if<const route*>(&match);

    request incoming;
    const auto failed = co_await read_body(parser, found ? (*found)->body : body_policy::ignore, incoming.body);
    if (failed) {
        if (auto answer = answer_to(failed))
            co_return co_await refuse(parser, std::move(*answer));
        co_return false;
    }
    incoming.id = random_token(6);
    incoming.method = head.method();
    incoming.path = std::move(path);
    incoming.fields = head;
    incoming.client = client_;
    exchange current(std::move(incoming), head.version(), head.keep_alive(), out_);
    if (found)
        co_return co_await run_handler(current, (*found)->handle);

    response answer;
    if (const auto* const refused = std::get_if<method_not_allowed>(&match)) {
        answer = error_response(status::method_not_allowed, "Method Not Allowed");
        answer.fields.emplace_back("Allow", refused->allow);
    } else {
        answer = error_response(status::not_found, "Not Found");
    }
    const handler handle = [&answer](exchange& asked) -> asio::awaitable<void> { co_await asked.respond(answer); };
    co_return co_await run_handler(current, handle);
}

asio::awaitable<error_code> session::read_body(header_parser& parser, body_policy policy, std::string& body)
{
    if (policy == body_policy::keep && parser.content_length().value_or(0) > limits_.body_bytes)
        co_return beast_http::make_error_code(beast_http::error::body_limit);
    const auto expectation = parser.get()[field::expect];
    if (boost::beast::iequals(expectation, "100-continue") && !parser.is_done())
        if (const auto sent = co_await out_.send("HTTP/1.1 100 Continue\r\n\r\n"); !sent)
            co_return sent.error();
    if (policy == body_policy::ignore)
        co_return co_await discard_body(parser);

    beast_http::request_parser<beast_http::string_body> whole(std::move(parser));
    whole.body_limit(limits_.body_bytes);
    auto reading = beast_http::async_read(socket_, buffer_, whole, as_result);
    const auto read = co_await before(clock::now() + limits_.body, std::move(reading));
    body = std::move(whole.get().body());
    parser.get().base() = std::move(whole.get().base());
    if (!read)
        co_return error_code(asio::error::timed_out);
    co_return std::get<0>(*read);
}

asio::awaitable<error_code> session::discard_body(header_parser& parser)
{
    beast_http::request_parser<beast_http::buffer_body> rest(std::move(parser));
    const auto deadline = clock::now() + limits_.body;
    std::array<char, 4096> scratch;
    error_code ec;
    while (!rest.is_done()) {
        rest.get().body().data = scratch.data();
        rest.get().body().size = scratch.size();
        auto reading = beast_http::async_read(socket_, buffer_, rest, as_result);
        const auto read = co_await before(deadline, std::move(reading));
        ec = read ? std::get<0>(*read) : error_code(asio::error::timed_out);
        if (ec && ec != beast_http::error::need_buffer)
            break;
        ec = {};
    }
    parser.get().base() = std::move(rest.get().base());
    co_return ec;
}

/// Answers a request that was not read to its end; the connection is of no further use.
asio::awaitable<bool> session::refuse(const header_parser& parser, response answer)
{
    request unread;
    unread.id = random_token(6);
    unread.method = parser.is_header_done() ? parser.get().method() : verb::unknown;
    unread.client = client_;
    exchange current(std::move(unread), 11, false, out_);
    const auto begin = clock::now();
    const auto sent = co_await current.respond(std::move(answer));
    log(current, begin);
    if (sent)
        co_await linger(socket_, limits_.linger);
    co_return false;
}

asio::awaitable<bool> session::run_handler(exchange& current, const handler& handle)
{
    using namespace asio::experimental::awaitable_operators;
    const drain::ticket answering(drain_);
    const auto begin = clock::now();
    if (drain_.has_begun()) {
        current.close_after();
        co_await current.respond(service_unavailable());
        log(current, begin);
        co_return false;
    }
    auto working = guarded(current, handle);
    auto watching = until_client_leaves();
    const auto first = co_await (std::move(working) || std::move(watching));
    if (first.index() == 1 && current.note().empty())
        current.note("client left");
    log(current, begin);
    if (current.must_reset())
        reset();
    co_return first.index() == 0 && !current.must_close();
}

/// A handler that throws has a bug: it is logged here, once, and the client learns no more than that.
asio::awaitable<void> session::guarded(exchange& current, const handler& handle)
{
    try {
        co_await handle(current);
        if (current.has_answered())
            co_return;
        spdlog::error("request={} has no answer", current.incoming().id);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted)
            throw;
        spdlog::error("request={} failed: {}", current.incoming().id, error.what());
    } catch (const std::exception& error) {
        spdlog::error("request={} failed: {}", current.incoming().id, error.what());
    }
    if (!current.has_answered())
        co_await current.respond(internal_error("unexpected failure, see the server's log"));
}

asio::awaitable<void> session::until_client_leaves()
{
    // What comes meanwhile belongs to the next request. It is taken from the socket, up to a limit, since the end of
    // the stream shows only behind it.
    while (buffer_.size() < limits_.header_bytes) {
        const auto [ec] = co_await socket_.async_wait(tcp::socket::wait_read, as_result);
        if (ec)
            co_return;
        const auto space = buffer_.prepare(limits_.header_bytes - buffer_.size());
        const auto got = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            co_return;
        buffer_.commit(got > 0 ? static_cast<std::size_t>(got) : 0);
    }
    co_await socket_.async_wait(tcp::socket::wait_error, as_result);
}

void session::log(const exchange& ended, clock::time_point begin) const
{
    const auto& asked = ended.incoming();
    const auto method = beast_http::to_string(asked.method);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begin);
    spdlog::info("request={} client={} {} {} status={} bytes={} ms={}{}{}{}", asked.id, asked.client,
                 std::string_view(method.data(), method.size()), asked.path, ended.status_sent(),
                 ended.body_bytes_sent(), took.count(), ended.is_whole() ? "" : " cut off",
                 ended.note().empty() ? "" : " ", ended.note());
}

/// Without chunks only a reset tells the client that the body is not whole.
void session::reset()
{
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
}

} // namespace ttsave::http
