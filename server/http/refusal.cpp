#include "http/refusal.hpp"

#include "core/as_result.hpp"
#include "core/deadline.hpp"
#include "http/error_response.hpp"
#include "http/exchange.hpp"
#include "http/socket_writer.hpp"

#include <boost/asio/buffer.hpp>

#include <array>
#include <utility>

namespace ttsave::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// How much a refused client may still send before its connection is closed in its face.
constexpr std::size_t most_lingering_bytes = 1024 * 1024;

} // namespace

asio::awaitable<void> linger(tcp::socket& socket, std::chrono::seconds patience)
{
    error_code ignored;
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::array<char, 4096> scratch;
    for (std::size_t total = 0; total < most_lingering_bytes;) {
        auto reading = socket.async_read_some(asio::buffer(scratch), as_result);
        const auto read = co_await before(deadline, std::move(reading));
        if (!read || std::get<0>(*read))
            co_return;
        total += std::get<1>(*read);
    }
}

asio::awaitable<bool> tell_unavailable(tcp::socket& socket, const serving& shared, std::chrono::seconds patience)
{
    socket_deadline deadline(socket);
    socket_writer out(socket, deadline, shared.headroom, patience);
    const request unread;
    exchange unasked(unread, 11, false, out);
    const auto sent = co_await unasked.respond(service_unavailable());
    if (shared.seen)
        shared.seen({{}, unasked.status_sent(), unasked.body_bytes_sent()});
    co_return sent.has_value();
}

asio::awaitable<void> turn_away(tcp::socket socket, std::unique_ptr<client_places::place> /*held*/,
                                const serving& shared)
{
    tune(socket);
    // Of this await in the condition itself, g++ 12 makes an illegal instruction.
    const bool is_told = co_await tell_unavailable(socket, shared, shared.bounds.linger);
    if (is_told)
        co_await linger(socket, shared.bounds.linger);
}

} // namespace ttsave::http
