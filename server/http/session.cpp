#include "http/session.hpp"

#include "core/log.hpp"
#include "http/client_address.hpp"
#include "http/error_response.hpp"
#include "http/refusal.hpp"
#include "http/request_error.hpp"
#include "http/request_id.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <optional>
#include <string>
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
    return own_error(status_of(static_cast<request_error>(error.value())));
}

/// The answer to what is asked of the server rather than of a path: `OPTIONS *`, which does nothing, and CONNECT, which
/// this server does for nobody (RFC 9110 sections 9.3.6 and 9.3.7).
response without_path(verb method)
{
    auto answer =
        method == verb::options ? response{status::ok, "text/plain", {}, {}} : own_error(status::method_not_allowed);
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
        return own_error(status::not_found);
    auto answer = own_error(status::method_not_allowed);
    answer.fields.emplace_back("Allow", refused->allow);
    return answer;
}

std::uint64_t milliseconds_of(clock::duration time)
{
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

/// What a client learns of a handler's bug.
response unexpected_failure()
{
    return internal_error(unexpected_reason);
}

} // namespace

session::session(tcp::socket socket, std::unique_ptr<client_places::place> held, const serving& shared)
    : place_(std::move(held)), socket_(std::move(socket)), shared_(shared), deadline_(socket_),
      out_(socket_, deadline_, shared.headroom, shared.bounds.write), in_(socket_, deadline_, out_, shared.bounds),
      watch_(socket_, in_.read_ahead(), shared.bounds.header_bytes), peer_(peer_of(socket_))
{
    place_->when_lost(deadline_.trigger());
    tune(socket_);
}

asio::awaitable<void> session::run()
{
    while (co_await serve_one()) {
    }
    if (owes_answer_ && !place_->keep())
        co_await tell_unavailable(socket_, shared_, std::chrono::seconds(0));
    error_code ignored;
    socket_.close(ignored);
}

/// Returns whether the connection can take another request: not if it is idle for too long, over, or given up for
/// another one.
asio::awaitable<bool> session::serve_one()
{
    place_->offer();
    route_ = {};
    error_code failed;
    if (!in_.has_bytes())
        failed = co_await in_.first_bytes();
    if (failed)
        co_return false;
    owes_answer_ = true;
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
    begun.client = client_address(peer_, head, shared_.bounds.trusted_proxies);
    const auto named = head.find({request_id_field.data(), request_id_field.size()});
    if (named != head.end() && is_request_id({named->value().data(), named->value().size()}))
        begun.id = std::string(named->value());
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
    const auto match = shared_.routes.find(incoming.method, incoming.path);
    const route* const* const found = std::get_if<const route*>(&match);
    route_ = found ? std::string_view((*found)->counted_as()) : std::string_view();
    if (!admit(match, incoming))
        co_return co_await refuse(std::move(admitted_.refusal));
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
    const drain::ticket answering(shared_.draining);
    const auto* const streaming = found ? std::get_if<stream_handler>(&(*found)->handle) : nullptr;
    if (streaming && !shared_.draining.has_begun())
        co_return co_await stream(current, *streaming);
    const auto answer = immediate_answer(current, match);
    co_await current.respond(answer);
    conclude(current);
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

/// Answers a request that was not read to its end; the connection is of no further use, and makes room for others from
/// then on. `why` is for the log.
asio::awaitable<bool> session::refuse(std::optional<response> answer, error_code why)
{
    if (!place_->keep() || !answer)
        co_return false;
    admitted_.held = {}; // whoever has read the answer may ask again at once
    const auto unread = in_.parser().is_header_done() ? begin_request() : nameless_request();
    exchange current(unread, 11, false, out_);
    current.add_fields(admitted_.fields);
    if (why)
        current.note("reason", why.message());
    asked_at_ = clock::now();
    const auto sent = co_await current.respond(*answer);
    conclude(current);
    place_->offer();
    if (sent)
        co_await linger(socket_, shared_.bounds.linger);
    co_return false;
}

response session::immediate_answer(exchange& current, const router::match& match) const
{
    if (shared_.draining.has_begun()) {
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
    if (!has_stayed && !current.has_note("code"))
        current.note("code", "client.left");
    if (has_stayed && !current.is_whole())
        co_await current.flush();
    conclude(current);
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

void session::conclude(const exchange& ended)
{
    owes_answer_ = false;
    if (shared_.seen)
        shared_.seen({route_, ended.status_sent(), ended.body_bytes_sent()});
    if (log_line::is_wanted())
        log(ended);
}

void session::log(const exchange& ended) const
{
    const auto since = [this](clock::time_point end) { return milliseconds_of(end - asked_at_); };
    const auto& asked = ended.incoming();
    const auto method = beast_http::to_string(asked.method);
    log_line line("request");
    line.add("request", asked.id).add("client", asked.client.to_string());
    line.add_plain("method", {method.data(), method.size()}).add_plain("path", asked.path);
    line.add("status", ended.status_sent()).add("bytes", ended.body_bytes_sent()).add("ms", since(clock::now()));
    if (const auto begun = ended.streaming_since())
        line.add("first_ms", since(*begun));
    for (const auto& [name, took] : ended.times())
        line.add(name + "_ms", milliseconds_of(took));
    if (!ended.is_whole())
        line.add_flag("cut_off");
    for (const auto* const notes : {&admitted_.notes, &ended.notes()})
        for (const auto& [name, value] : *notes)
            line.add(name, value);
    line.write();
}

/// Without chunks only a reset tells the client that the body is not whole.
void session::reset()
{
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
}

} // namespace ttsave::http
