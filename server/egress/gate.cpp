#include "egress/gate.hpp"

#include "core/random_token.hpp"
#include "core/socket_pair.hpp"
#include "egress/connection.hpp"
#include "egress/loopback_port.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/crypto.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace ttsave::egress {

namespace asio = boost::asio;

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{5};
constexpr std::chrono::milliseconds between_tries{100};

constexpr std::size_t password_bytes = 16;

/// What stands for the gate wherever libraries want the address of a proxy. Nothing is ever looked up, or connected to,
/// there.
constexpr const char* nowhere = "http://127.0.0.1:1";

/// How many processes can be connecting at once without waiting for each other.
constexpr std::size_t connector_threads = 4;

} // namespace

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
        if (const auto client = weak.lock())
            client->close();
}

std::string gate::pass::proxy_url() const
{
    return password_ ? "http://ttsave:" + *password_ + "@127.0.0.1:" + std::to_string(port_) : nowhere;
}

/// Forgets the connections that have ended first.
bool gate::pass::has_room()
{
    std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
    return connections_.size() < most_connections;
}

gate::gate(const asio::any_io_executor& executor, net::network_options options, entry way_in)
    : executor_(executor), options_(std::move(options)), connectors_(connector_threads)
{
    if (way_in != entry::port)
        return;
    port_ = std::make_unique<loopback_port>(executor_);
    tasks_.spawn(executor_, accept_strangers(), "egress gate port");
}

gate::~gate() = default;

std::optional<std::uint16_t> gate::port() const
{
    return port_ ? std::optional(port_->number()) : std::nullopt;
}

std::shared_ptr<gate::pass> gate::admit(unique_fd connects)
{
    std::shared_ptr<connect_listener> calls;
    if (connects.get() >= 0)
        calls = std::make_shared<connect_listener>(executor_, std::move(connects));
    std::shared_ptr<pass> made(port_ ? new pass(port_->number(), random_token(password_bytes)) : new pass(calls));
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
        for (const auto deadline = clock::now() + patience; !handed && clock::now() < deadline;) {
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
    if (!permission->has_room())
        return unique_fd();
    auto pair = make_socket_pair();
    if (!pair)
        return pair.error();
    asio::local::stream_protocol::socket ours(executor_, asio::local::stream_protocol(), pair->ours.release());
    const auto client = std::make_shared<connection>(std::move(ours));
    permission->connections_.push_back(client);
    tasks_.spawn(executor_, serve(permission, client), "egress gate connection");
    return std::move(pair->theirs);
}

asio::awaitable<void> gate::serve(std::weak_ptr<pass> of, std::shared_ptr<connection> client)
{
    const auto request = co_await client->read_request();
    if (!request)
        co_return;
    std::optional<net::route> way;
    if (const auto permission = of.lock()) // and not for as long as the tunnel, which would keep the pass
        way = permission->way_;
    co_await lead(client, *request, std::move(way));
}

asio::awaitable<void> gate::accept_strangers()
{
    while (auto stranger = co_await port_->next())
        tasks_.spawn(executor_, meet(std::move(stranger)), "egress gate stranger");
}

asio::awaitable<void> gate::meet(std::shared_ptr<connection> stranger)
{
    const auto request = co_await stranger->read_request();
    if (!request)
        co_return;
    auto permission = find(request->password);
    if (!permission) {
        co_await stranger->refuse("407 Proxy Authentication Required");
        co_return;
    }
    port_->has_met(stranger);
    if (!permission->has_room())
        co_return;
    permission->connections_.push_back(stranger);
    auto way = permission->way_;
    permission.reset(); // as in serve
    co_await lead(stranger, *request, std::move(way));
}

/// Takes the same time whichever it is, and however much of `password` is right.
std::shared_ptr<gate::pass> gate::find(std::string_view password) const
{
    std::shared_ptr<pass> found;
    for (const auto& weak : passes_) {
        auto permission = weak.lock();
        const auto* const own = permission && permission->password_ ? &*permission->password_ : nullptr;
        if (own && own->size() == password.size() && CRYPTO_memcmp(own->data(), password.data(), own->size()) == 0)
            found = std::move(permission);
    }
    return found;
}

asio::awaitable<void> gate::lead(const std::shared_ptr<connection>& client, const connect_request& request,
                                 std::optional<net::route> way)
{
    if (!request.host)
        spdlog::warn("the extractor was led to {} and kept from it", request.target);
    if (request.host && way)
        co_await client->relay(options_, connectors_, std::move(*way), *request.host);
    else
        co_await client->refuse("403 Forbidden");
}

} // namespace ttsave::egress
