#include "egress/gate.hpp"

#include "core/blocking.hpp"
#include "core/deadline.hpp"
#include "core/socket_pair.hpp"
#include "egress/connect_request.hpp"
#include "net/outbound_tunnel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace ttsave::egress {

namespace asio = boost::asio;

namespace {

using clock = std::chrono::steady_clock;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds request_deadline{5};
constexpr std::chrono::milliseconds between_tries{100};
constexpr std::size_t longest_head = 8 * 1024;
constexpr std::size_t relay_bytes = 64 * 1024;

/// How many processes can be connecting at once without waiting for each other.
constexpr std::size_t connector_threads = 4;

/// The request of a client; nothing when it sends none in time, or more than that.
asio::awaitable<std::optional<connect_request>> read_request(gate::socket& client)
{
    std::string head;
    auto reading = asio::async_read_until(client, asio::dynamic_buffer(head, longest_head), "\r\n\r\n", as_result);
    const auto read = co_await before(clock::now() + request_deadline, std::move(reading));
    if (!read || std::get<0>(*read) || std::get<1>(*read) != head.size())
        co_return std::nullopt;
    co_return parse_connect_request(head);
}

asio::awaitable<void> answer(gate::socket& client, std::string_view head)
{
    const std::string text = "HTTP/1.1 " + std::string(head) + "\r\n\r\n";
    co_await asio::async_write(client, asio::buffer(text), as_result);
}

asio::awaitable<void> refuse(gate::socket& client, std::string_view status)
{
    co_await answer(client, std::string(status) + "\r\nContent-Length: 0");
}

} // namespace

struct gate::pass::connection {
    socket client;
    std::unique_ptr<net::outbound_tunnel> server;
    std::atomic<bool> abandoned = false; // read by connect_tunnel on its thread

    explicit connection(socket made) : client(std::move(made)) {}

    void close()
    {
        abandoned = true;
        error_code ignored;
        client.close(ignored);
        if (server)
            server->cancel();
    }
};

gate::pass::~pass()
{
    cut();
    if (calls_)
        calls_->close();
}

void gate::pass::cut()
{
    way_.reset();
    for (const auto& weak : std::exchange(connections_, {}))
        if (const auto ends = weak.lock())
            ends->close();
}

gate::gate(const asio::any_io_executor& executor, net::network_options options)
    : executor_(executor), options_(std::move(options)), connectors_(connector_threads)
{
}

std::shared_ptr<gate::pass> gate::admit(unique_fd connects)
{
    std::shared_ptr<connect_listener> calls;
    if (connects.get() >= 0)
        calls = std::make_shared<connect_listener>(executor_, std::move(connects));
    std::shared_ptr<pass> made(new pass(calls));
    std::erase_if(passes_, [](const auto& weak) { return weak.expired(); });
    passes_.push_back(made);
    if (calls)
        tasks_.spawn(executor_, answer_calls(made, calls), "egress gate pass");
    return made;
}

asio::awaitable<void> gate::stop()
{
    for (const auto& weak : passes_)
        if (const auto permission = weak.lock())
            permission->cut();
    tasks_.cancel();
    co_await tasks_.join();
    connectors_.join();
}

asio::awaitable<void> gate::answer_calls(std::weak_ptr<pass> to, std::shared_ptr<connect_listener> calls)
{
    for (;;) {
        const auto call = co_await calls->next();
        if (!call)
            co_return;
        auto handed = make_connection(to);
        if (!handed)
            spdlog::warn("egress gate cannot make a connection: {}", handed.error().message());
        // There are no descriptors, a moment later perhaps there are. The caller cannot do anything while it waits.
        for (const auto deadline = clock::now() + request_deadline; !handed && clock::now() < deadline;) {
            co_await pause();
            handed = make_connection(to);
        }
        if (handed && handed->get() >= 0) {
            calls->hand(*call, std::move(*handed));
            continue;
        }
        co_await pause(); // or who insists would keep this thread busy
        calls->refuse(*call, ECONNREFUSED);
    }
}

asio::awaitable<void> gate::pause()
{
    asio::steady_timer timer(executor_, between_tries);
    co_await timer.async_wait(asio::use_awaitable);
}

/// Serves our end of a new connection and returns the other; none when the pass has too many, or has ended.
result<unique_fd> gate::make_connection(const std::weak_ptr<pass>& of)
{
    const auto permission = of.lock();
    if (!permission)
        return unique_fd();
    std::erase_if(permission->connections_, [](const auto& weak) { return weak.expired(); });
    if (permission->connections_.size() >= most_connections)
        return unique_fd();
    auto pair = make_socket_pair();
    if (!pair)
        return pair.error();
    socket client(executor_, asio::local::stream_protocol(), pair->ours.release());
    const auto ends = std::make_shared<pass::connection>(std::move(client));
    permission->connections_.push_back(ends);
    tasks_.spawn(executor_, serve(permission, ends), "egress gate connection");
    return std::move(pair->theirs);
}

asio::awaitable<void> gate::serve(std::weak_ptr<pass> of, std::shared_ptr<pass::connection> ends)
{
    const auto request = co_await read_request(ends->client);
    if (!request || ends->abandoned)
        co_return;
    if (!request->host)
        spdlog::warn("the extractor was led to {} and kept from it", request->target);
    std::optional<net::route> way;
    if (const auto permission = of.lock()) // and not for as long as the tunnel, which would keep the pass
        way = permission->way_;
    if (!request->host || !way) {
        co_await refuse(ends->client, "403 Forbidden");
        co_return;
    }
    co_await relay(std::move(ends), std::move(*way), *request->host);
}

namespace {

asio::awaitable<void> pump_up(gate::socket& client, net::outbound_tunnel& server)
{
    std::array<char, relay_bytes / 4> bytes;
    for (;;) {
        const auto [ec, count] = co_await client.async_read_some(asio::buffer(bytes), as_result);
        if (ec || !co_await server.write({bytes.data(), count}))
            co_return;
    }
}

asio::awaitable<void> pump_down(gate::socket& client, net::outbound_tunnel& server)
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

asio::awaitable<void> gate::relay(std::shared_ptr<pass::connection> ends, net::route way, std::string host)
{
    using namespace asio::experimental::awaitable_operators;
    auto connect = [this, ends, way, host] { return net::connect_tunnel(options_, way, host, 443, ends->abandoned); };
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
