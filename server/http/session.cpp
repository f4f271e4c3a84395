#include "http/session.hpp"

#include "http/client_address.hpp"
#include "http/error_response.hpp"
#include "http/refusal.hpp"
#include "http/request_error.hpp"
#include "http/request_id.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>
#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

namespace ttsave::http {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using clock = std::chrono::steady_clock;

namespace {

/// The unspecified address when the client has gone already.
asio::ip::address peer_of(const tcp::socket& socket)
{
    error_code ec;
    const auto endpoint = socket.remote_endpoint(ec);
    return ec ? asio::ip::address() : endpoint.address();
}

/// The answer to a request that cannot be read; none when there is nobody to answer.
std::optional<response> answer_to(const error_code& error)
{
    if (error.category() != request_category())
        return std::nullopt;
    const auto code = status_of(static_cast<request_error>(error.value()));
    switch (code) {
    case status::payload_too_large: return error_response(code, "Request Entity Too Large");
    case status::uri_too_long: return error_response(code, "URI Too Long");
    case status::expectation_failed: return error_response(code, "Expectation Failed");
    case status::request_header_fields_too_large: return error_response(code, "Request Header Fields Too Large");
    default: return error_response(code, "Invalid HTTP request received");
    }
}

/// The answer to what is asked of the server rather than of a path: `OPTIONS *`, which does nothing, and CONNECT, which
/// this server does for nobody (RFC 9110 sections 9.3.6 and 9.3.7).
response without_path(verb method)
{
    auto answer = method == verb::options ? response{status::ok, "text/plain", {}, {}}
                                          : error_response(status::method_not_allowed, "Method Not Allowed");
    answer.fields.emplace_back("Allow", "GET, HEAD, OPTIONS, POST");
    return answer;
}

/// The answer to a request that no route takes.
response without_route(const request& asked, const router::match& found)
{
    if (asked.path.empty())
        return without_path(asked.method);
    const auto* const refused = std::get_if<method_not_allowed>(&found);
    if (!refused)
        return error_response(status::not_found, "Not Found");
    auto answer = error_response(status::method_not_allowed, "Method Not Allowed");
    answer.fields.emplace_back("Allow", refused->allow);
    return answer;
}

/// What a client learns of a handler's bug.
response unexpected_failure()
{
    return internal_error("unexpected failure, see the server's log");
}

} // namespace

session::session(tcp::socket socket, std::unique_ptr<client_places::place> held, const router& routes,
                 const limits& bounds, budget& headroom, drain& draining)
    : place_(std::move(held)), socket_(std::move(socket)), router_(routes), limits_(bounds), drain_(draining),
      deadline_(socket_), out_(socket_, deadline_, headroom, bounds.write), in_(socket_, deadline_, out_, bounds),
      watch_(socket_, in_.read_ahead(), bounds.header_bytes), peer_(peer_of(socket_))
{
    place_->when_lost(deadline_.trigger());
    tune(socket_);
}

asio::awaitable<void> session::run()
{
    while (co_await serve_one()) {
    }
    error_code ignored;
    socket_.close(ignored);
}

/// Returns whether the connection can take another request: not if it is idle for too long, over, or given up for
/// another one.
asio::awaitable<bool> session::serve_one()
{
    place_->offer();
    error_code failed;
    if (!in_.has_bytes())
        failed = co_await in_.first_bytes();
    if (failed)
        co_return false;
    failed = co_await in_.read_header();
    if (failed)
        co_return co_await refuse(answer_to(failed), failed);
    const bool is_open = co_await dispatch();
    if (is_guarded_)
        admitted_ = {};
    co_return is_open;
}

/// What the header says, but for the fields.
request session::begin_request()
{
    const auto& head = in_.parser().get();
    auto begun = nameless_request();
    begun.path = path_of({head.target().data(), head.target().size()});
    begun.client = client_address(peer_, head, limits_.trusted_proxies);
    return begun;
}

/// What is known before there is a whole header.
request session::nameless_request() const
{
    request unread;
    unread.id = request_id();
    unread.method = in_.method();
    unread.client = unmapped(peer_);
    return unread;
}

/// Reads the rest of the request, and has it answered.
asio::awaitable<bool> session::dispatch()
{
    auto& head = in_.parser().get();
    auto incoming = begin_request();
    const auto match = router_.find(incoming.method, incoming.path);
    if (!admit(match, incoming))
        co_return co_await refuse(std::move(admitted_.refusal));
    const route* const* const found = std::get_if<const route*>(&match);
    if (in_.has_body()) {
        if (!found && in_.must_continue()) // RFC 9110 section 10.1.1: the answer is known without the body
            co_return co_await refuse(without_route(incoming, match));
        const auto policy = found ? (*found)->body : body_policy::ignore;
        if (const auto failed = co_await in_.read_body(policy, incoming.body))
            co_return co_await refuse(answer_to(failed), failed);
    }
    if (!place_->keep())
        co_return false;
    const bool keep_alive = head.keep_alive();
    incoming.fields = std::move(head.base());
    exchange current(incoming, head.version(), keep_alive, out_);
    current.add_fields(admitted_.fields);
    asked_at_ = clock::now();
    const drain::ticket answering(drain_);
    const auto* const streaming = found ? std::get_if<stream_handler>(&(*found)->handle) : nullptr;
    if (streaming && !drain_.has_begun())
        co_return co_await stream(current, *streaming);
    const auto answer = immediate_answer(current, match);
    co_await current.respond(answer);
    log(current);
    co_return !current.must_close();
}

/// Asks the route's guard. Returns false when it refuses.
bool session::admit(const router::match& found, const request& incoming)
{
    const route* const* const wanted = std::get_if<const route*>(&found);
    is_guarded_ = wanted && (*wanted)->admit;
    if (!is_guarded_)
        return true;
    admitted_ = (*wanted)->admit({incoming.path, in_.parser().get(), incoming.client});
    return !admitted_.refusal;
}

/// Answers a request that was not read to its end; the connection is of no further use. `why` is for the log.
asio::awaitable<bool> session::refuse(std::optional<response> answer, error_code why)
{
    if (!place_->keep() || !answer)
        co_return false;
    const auto unread = in_.parser().is_header_done() ? begin_request() : nameless_request();
    exchange current(unread, 11, false, out_);
    current.add_fields(admitted_.fields);
    if (why)
        current.note("reason=" + why.message());
    asked_at_ = clock::now();
    const auto sent = co_await current.respond(*answer);
    log(current);
    if (sent)
        co_await linger(socket_, limits_.linger);
    co_return false;
}

response session::immediate_answer(exchange& current, const router::match& match) const
{
    if (drain_.has_begun()) {
        current.close_after();
        return service_unavailable();
    }
    const route* const* const found = std::get_if<const route*>(&match);
    if (!found)
        return without_route(current.incoming(), match);
    try {
        return std::get<immediate_handler>((*found)->handle)(current.incoming());
    } catch (const std::exception& error) {
        spdlog::error("request={} failed: {}", current.incoming().id, error.what());
        return unexpected_failure();
    }
}

asio::awaitable<bool> session::stream(exchange& current, const stream_handler& handle)
{
    auto working = guarded(current, handle);
    const bool has_stayed = co_await watch_.during(std::move(working));
    if (!has_stayed && current.note().empty())
        current.note("client left");
    if (has_stayed && !current.is_whole())
        co_await current.flush();
    log(current);
    if (current.must_reset())
        reset();
    co_return has_stayed && !current.must_close();
}

/// A handler that throws has a bug: it is logged here, once, and the client learns no more than that.
asio::awaitable<void> session::guarded(exchange& current, const stream_handler& handle)
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
        co_await current.respond(unexpected_failure());
}

void session::log(const exchange& ended) const
{
    if (!spdlog::should_log(spdlog::level::info))
        return;
    const auto& asked = ended.incoming();
    const auto method = beast_http::to_string(asked.method);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - asked_at_);
    std::string notes;
    for (const auto* const note : {&admitted_.note, &ended.note()})
        notes.append(note->empty() ? "" : " ").append(*note);
    spdlog::info("request={} client={} {} {} status={} bytes={} ms={}{}{}", asked.id, asked.client.to_string(),
                 std::string_view(method.data(), method.size()), asked.path, ended.status_sent(),
                 ended.body_bytes_sent(), took.count(), ended.is_whole() ? "" : " cut off", notes);
}

/// Without chunks only a reset tells the client that the body is not whole.
void session::reset()
{
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
}

} // namespace ttsave::http
