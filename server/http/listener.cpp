#include "http/listener.hpp"

#include "core/as_result.hpp"
#include "http/refusal.hpp"
#include "http/session.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace ttsave::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// When descriptors have run out, accepting at once again would only burn the processor that could free some...
constexpr std::chrono::milliseconds accept_pause{50};

/// ...unless some clients have just been made to leave...
constexpr std::chrono::milliseconds leaving{2};
constexpr std::size_t leaving_at_once = 16;

/// ...of those whose requests should have come by now.
constexpr std::chrono::milliseconds time_to_ask{20};

/// How many connections may wait for their thread. Were there more, requests that have come long ago would stand behind
/// them, and their clients could lose their places to those who are accepted meanwhile.
constexpr std::size_t most_starting = 64;

asio::awaitable<void> serve(tcp::socket socket, std::shared_ptr<void> start, std::unique_ptr<client_places::place> held,
                            const serving& shared)
{
    start.reset();
    session own(std::move(socket), std::move(held), shared);
    co_await own.run();
}

} // namespace

listener::listener(std::vector<asio::any_io_executor> executors, tcp::acceptor acceptor, const router& routes,
                   limits bounds, witness seen)
    : executors_(std::move(executors)), limits_(bounds), seen_(std::move(seen)), acceptor_(std::move(acceptor)),
      headroom_(limits_.headroom_bytes), starting_(most_starting), clients_(limits_.clients),
      refused_(limits_.refused), shared_{routes, limits_, seen_, headroom_, drain_}
{
}

void listener::start()
{
    accepting_.spawn(executors_.front(), accept(), "acceptor");
}

asio::awaitable<void> listener::accept()
{
    for (std::size_t next = 0;; next = (next + 1) % executors_.size()) {
        co_await starting_.room();
        auto [ec, socket] = co_await acceptor_.async_accept(executors_[next], as_result);
        if (!ec) {
            admit(std::move(socket), executors_[next]);
            continue;
        }
        if (ec == asio::error::operation_aborted)
            co_return;
        if (ec != asio::error::connection_aborted && failures_.begins())
            spdlog::warn("clients have to wait, none can be accepted: {}", ec.message());
        const bool room_is_made = clients_.make_room(leaving_at_once, time_to_ask) > 0;
        asio::steady_timer pause(executors_.front(), room_is_made ? leaving : accept_pause);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

void listener::admit(tcp::socket socket, const asio::any_io_executor& executor)
{
    auto held = clients_.take();
    if (!held)
        return refuse(std::move(socket), executor);
    auto session = serve(std::move(socket), starting_.stand(), std::move(held), shared_);
    sessions_.spawn(executor, std::move(session), "session");
}

void listener::refuse(tcp::socket socket, const asio::any_io_executor& executor)
{
    if (refusals_.begins())
        spdlog::warn("{} clients are connected, as many as may be: more get a 503", clients_.most());
    // With too many of them under way this one only sees its connection closed.
    if (auto held = refused_.take())
        sessions_.spawn(executor, turn_away(std::move(socket), std::move(held), shared_), "refusal");
}

asio::awaitable<void> listener::stop(std::chrono::steady_clock::time_point deadline)
{
    drain_.begin();
    accepting_.cancel();
    co_await accepting_.join();
    error_code ignored;
    acceptor_.close(ignored);
    if (!co_await drain_.wait(deadline))
        spdlog::warn("shutdown grace is over: the transfers left are cut off");
    sessions_.cancel();
    co_await sessions_.join();
}

} // namespace ttsave::http
