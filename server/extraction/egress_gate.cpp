#include "extraction/egress_gate.hpp"

#include "core/base64.hpp"
#include "core/blocking.hpp"
#include "core/deadline.hpp"
#include "core/random_token.hpp"
#include "net/outbound_tunnel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <chrono>
#include <optional>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds request_deadline{5};
constexpr std::size_t relay_bytes = 64 * 1024;

/// How many processes can be connecting at once without waiting for each other.
constexpr std::size_t connector_threads = 4;

constexpr std::string_view https_port = ":443";

/// `host` in lower case.
bool is_tiktok(std::string_view host)
{
    const auto is_domain = [host](std::string_view domain) {
        return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
    };
    return is_domain("tiktok.com") || is_domain("tiktokv.com");
}

/// The host that a CONNECT asks for, in lower case; nothing when the request is another one or leads elsewhere.
std::optional<std::string> allowed_host(const http::request<http::empty_body>& request)
{
    std::string target(request.target());
    if (request.method() != http::verb::connect || !target.ends_with(https_port))
        return std::nullopt;
    target.resize(target.size() - https_port.size());
    std::transform(target.begin(), target.end(), target.begin(), [](unsigned char c) { return std::tolower(c); });
    return is_tiktok(target) ? std::optional(std::move(target)) : std::nullopt;
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

struct egress_gate::pass::connection {
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

void egress_gate::pass::cut()
{
    open_ = false;
    for (const auto& weak : std::exchange(connections_, {}))
        if (const auto ends = weak.lock())
            ends->close();
}

egress_gate::egress_gate(const asio::any_io_executor& executor, net::network_options options)
    : executor_(executor), options_(std::move(options)),
      acceptor_(executor, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), connectors_(connector_threads)
{
    tasks_.spawn(executor_, accept(), "egress gate");
}

std::shared_ptr<egress_gate::pass> egress_gate::admit()
{
    std::erase_if(passes_, [](const auto& entry) { return entry.second.expired(); });
    std::shared_ptr<pass> admitted(new pass(random_token(16)));
    passes_["Basic " + base64_encode("extractor:" + admitted->token_)] = admitted;
    return admitted;
}

std::string egress_gate::proxy_url(const pass& permission) const
{
    return "http://extractor:" + permission.token_ + "@127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

asio::awaitable<void> egress_gate::stop()
{
    for (const auto& [credentials, weak] : passes_)
        if (const auto permission = weak.lock())
            permission->cut();
    tasks_.cancel();
    co_await tasks_.join();
    connectors_.join();
}

asio::awaitable<void> egress_gate::accept()
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

std::shared_ptr<egress_gate::pass> egress_gate::find(std::string_view authorization) const
{
    const auto found = passes_.find(std::string(authorization));
    return found == passes_.end() ? nullptr : found->second.lock();
}

asio::awaitable<void> egress_gate::serve(tcp::socket client)
{
    boost::beast::flat_buffer buffer(8 * 1024);
    http::request_parser<http::empty_body> parser;
    auto reading = http::async_read_header(client, buffer, parser, as_result);
    const auto read = co_await before(std::chrono::steady_clock::now() + request_deadline, std::move(reading));
    if (!read || std::get<0>(*read))
        co_return;

    const auto& request = parser.get();
    const auto authorization = request[http::field::proxy_authorization];
    const auto permission = find({authorization.data(), authorization.size()});
    if (!permission) {
        co_await refuse(client, "407 Proxy Authentication Required");
        co_return;
    }
    const auto host = allowed_host(request);
    if (!host)
        spdlog::warn("the extractor was led to {} and kept from it", std::string_view(request.target()));
    if (!host || !permission->open_) {
        co_await refuse(client, "403 Forbidden");
        co_return;
    }
    const auto ends = std::make_shared<pass::connection>(std::move(client));
    std::erase_if(permission->connections_, [](const auto& weak) { return weak.expired(); });
    permission->connections_.push_back(ends);
    co_await relay(ends, *host);
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

asio::awaitable<void> egress_gate::relay(std::shared_ptr<pass::connection> ends, std::string host)
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

} // namespace ttsave::extraction
