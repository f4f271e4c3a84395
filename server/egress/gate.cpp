#include "egress/gate.hpp"

#include "core/base64.hpp"
#include "core/blocking.hpp"
#include "core/deadline.hpp"
#include "core/random_token.hpp"
#include "egress/connect_request.hpp"
#include "net/outbound_tunnel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace ttsave::egress {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds request_deadline{5};
constexpr std::size_t longest_head = 8 * 1024;
constexpr std::size_t relay_bytes = 64 * 1024;

/// How many processes can be connecting at once without waiting for each other.
constexpr std::size_t connector_threads = 4;

/// The request of a client; nothing when it sends none in time, or more than that.
asio::awaitable<std::optional<connect_request>> read_request(tcp::socket& client)
{
    std::string head;
    auto reading = asio::async_read_until(client, asio::dynamic_buffer(head, longest_head), "\r\n\r\n", as_result);
    const auto read = co_await before(std::chrono::steady_clock::now() + request_deadline, std::move(reading));
    if (!read || std::get<0>(*read) || std::get<1>(*read) != head.size())
        co_return std::nullopt;
    co_return parse_connect_request(head);
}

asio::awaitable<void> answer(tcp::socket& client, std::string_view head)
{
    const std::string text = "HTTP/1.1 " + std::string(head) + "\r\n\r\n";
    co_await asio::async_write(client, asio::buffer(text), as_result);
}

asio::awaitable<void> refuse(tcp::socket& client, std::string_view status)
{
    co_await answer(client, std::string(status) + "\r\nContent-Length: 0");
}

} // namespace

struct gate::pass::connection {
    tcp::socket client;
    std::unique_ptr<net::outbound_tunnel> server;
    std::atomic<bool> abandoned = false; // read by connect_tunnel on its thread

    explicit connection(tcp::socket accepted) : client(std::move(accepted)) {}

    void close()
    {
        abandoned = true;
        error_code ignored;
        client.close(ignored);
        if (server)
            server->cancel();
    }
};

void gate::pass::cut()
{
    open_ = false;
    for (const auto& weak : std::exchange(connections_, {}))
        if (const auto ends = weak.lock())
            ends->close();
}

gate::gate(const asio::any_io_executor& executor, net::network_options options)
    : executor_(executor), options_(std::move(options)),
      acceptor_(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), connectors_(connector_threads)
{
    tasks_.spawn(executor_, accept(), "egress gate");
}

std::shared_ptr<gate::pass> gate::admit()
{
    std::erase_if(passes_, [](const auto& entry) { return entry.second.expired(); });
    std::shared_ptr<pass> admitted(new pass(random_token(16)));
    passes_["Basic " + base64_encode("extractor:" + admitted->token_)] = admitted;
    return admitted;
}

std::string gate::proxy_url(const pass& permission) const
{
    return "http://extractor:" + permission.token_ + "@127.0.0.1:" + std::to_string(port());
}

std::uint16_t gate::port() const
{
    return acceptor_.local_endpoint().port();
}

asio::awaitable<void> gate::stop()
{
    for (const auto& [credentials, weak] : passes_)
        if (const auto permission = weak.lock())
            permission->cut();
    tasks_.cancel();
    co_await tasks_.join();
    connectors_.join();
}

asio::awaitable<void> gate::accept()
{
    for (;;) {
        auto [ec, client] = co_await acceptor_.async_accept(as_result);
        if (ec == asio::error::operation_aborted)
            co_return;
        if (ec) {
            spdlog::warn("egress gate cannot accept: {}", ec.message());
            asio::steady_timer pause(executor_, std::chrono::milliseconds(100));
            co_await pause.async_wait(asio::use_awaitable);
            continue;
        }
        tasks_.spawn(executor_, serve(std::move(client)), "egress gate connection");
    }
}

std::shared_ptr<gate::pass> gate::find(std::string_view credentials) const
{
    const auto found = passes_.find(std::string(credentials));
    return found == passes_.end() ? nullptr : found->second.lock();
}

asio::awaitable<void> gate::serve(tcp::socket client)
{
    const auto request = co_await read_request(client);
    if (!request)
        co_return;
    const auto permission = find(request->credentials);
    if (!permission) {
        co_await refuse(client, "407 Proxy Authentication Required");
        co_return;
    }
    if (!request->host)
        spdlog::warn("the extractor was led to {} and kept from it", request->target);
    if (!request->host || !permission->open_) {
        co_await refuse(client, "403 Forbidden");
        co_return;
    }
    const auto ends = std::make_shared<pass::connection>(std::move(client));
    std::erase_if(permission->connections_, [](const auto& weak) { return weak.expired(); });
    permission->connections_.push_back(ends);
    co_await relay(ends, *request->host);
}

namespace {

asio::awaitable<void> pump_up(tcp::socket& client, net::outbound_tunnel& server)
{
    std::array<char, relay_bytes / 4> bytes;
    for (;;) {
        const auto [ec, count] = co_await client.async_read_some(asio::buffer(bytes), as_result);
        if (ec || !co_await server.write({bytes.data(), count}))
            co_return;
    }
}

asio::awaitable<void> pump_down(tcp::socket& client, net::outbound_tunnel& server)
{
    std::array<char, relay_bytes> bytes;
    for (;;) {
        const std::size_t count = co_await server.read_some(bytes);
        if (count == 0)
            co_return;
        const auto written = co_await asio::async_write(client, asio::buffer(bytes.data(), count), as_result);
        if (std::get<0>(written))
            co_return;
    }
}

} // namespace

asio::awaitable<void> gate::relay(std::shared_ptr<pass::connection> ends, std::string host)
{
    using namespace asio::experimental::awaitable_operators;
    auto connect = [this, ends, host] { return net::connect_tunnel(options_, host, 443, ends->abandoned); };
    auto connected = co_await run_blocking(connectors_, std::move(connect));
    if (ends->abandoned)
        co_return;
    if (!connected) {
        const bool late = connected.error() == asio::error::timed_out;
        co_await refuse(ends->client, late ? "504 Gateway Timeout" : "502 Bad Gateway");
        co_return;
    }
    ends->server = std::make_unique<net::outbound_tunnel>(executor_, std::move(*connected));
    co_await answer(ends->client, "200 OK"); // no Content-Length: RFC 9110 section 9.3.6
    // HTTP's own framing tells both sides when they are done; whichever closes first ends the relay.
    auto up = pump_up(ends->client, *ends->server);
    auto down = pump_down(ends->client, *ends->server);
    co_await (std::move(up) || std::move(down));
}

} // namespace ttsave::egress
