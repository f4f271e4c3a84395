#include "egress/connection.hpp"

#include "core/as_result.hpp"
#include "core/blocking.hpp"
#include "core/deadline.hpp"
#include "net/outbound_tunnel.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <utility>

namespace ttsave::egress {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds request_deadline{5};
constexpr std::size_t longest_head = 8 * 1024;
constexpr std::size_t relay_bytes = 64 * 1024;

} // namespace

connection::connection(socket client) : client_(std::move(client)) {}

connection::~connection() = default;

asio::awaitable<std::optional<connect_request>> connection::read_request()
{
    std::string head;
    auto reading = asio::async_read_until(client_, asio::dynamic_buffer(head, longest_head), "\r\n\r\n", as_result);
    const auto read = co_await before(std::chrono::steady_clock::now() + request_deadline, std::move(reading));
    if (!read || std::get<0>(*read) || std::get<1>(*read) != head.size() || is_closed_)
        co_return std::nullopt;
    co_return parse_connect_request(head);
}

asio::awaitable<void> connection::answer(std::string_view head)
{
    const std::string text = "HTTP/1.1 " + std::string(head) + "\r\n\r\n";
    co_await asio::async_write(client_, asio::buffer(text), as_result);
}

asio::awaitable<void> connection::refuse(std::string_view status)
{
    co_await answer(std::string(status) + "\r\nContent-Length: 0");
}

asio::awaitable<void> connection::relay(const net::network_options& options, asio::thread_pool& connectors,
                                        net::route way, std::string host)
{
    using namespace asio::experimental::awaitable_operators;
    auto connect = [self = shared_from_this(), &options, way, host] {
        return net::connect_tunnel(options, way, host, 443, self->is_closed_);
    };
    auto connected = co_await run_blocking(connectors, std::move(connect));
    if (is_closed_)
        co_return;
    if (!connected) {
        const bool late = connected.error() == asio::error::timed_out;
        co_await refuse(late ? "504 Gateway Timeout" : "502 Bad Gateway");
        co_return;
    }
    server_ = std::make_unique<net::outbound_tunnel>(client_.get_executor(), std::move(*connected));
    co_await answer("200 OK"); // no Content-Length: RFC 9110 section 9.3.6
    // HTTP's own framing tells both sides when they are done; whichever closes first ends the relay.
    auto up = pump_up();
    auto down = pump_down();
    co_await (std::move(up) || std::move(down));
}

asio::awaitable<void> connection::pump_up()
{
    std::array<char, relay_bytes / 4> bytes;
    for (;;) {
        const auto [ec, count] = co_await client_.async_read_some(asio::buffer(bytes), as_result);
        if (ec || !co_await server_->write({bytes.data(), count}))
            co_return;
    }
}

asio::awaitable<void> connection::pump_down()
{
    std::array<char, relay_bytes> bytes;
    for (;;) {
        const std::size_t count = co_await server_->read_some(bytes);
        if (count == 0)
            co_return;
        const auto written = co_await asio::async_write(client_, asio::buffer(bytes.data(), count), as_result);
        if (std::get<0>(written))
            co_return;
    }
}

void connection::close()
{
    is_closed_ = true;
    error_code ignored;
    client_.close(ignored);
    if (server_)
        server_->cancel();
}

} // namespace ttsave::egress
