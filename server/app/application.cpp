#include "app/application.hpp"

#include "app/confinement_gaps.hpp"
#include "app/room_options.hpp"
#include "app/rooms.hpp"
#include "core/blocking.hpp"
#include "core/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <exception>
#include <utility>

namespace ttsave::app {

namespace asio = boost::asio;

namespace {

/// What ending takes besides the grace for transfers: cutting off the rest, and ending all processes.
constexpr std::chrono::seconds end_after_grace{30};

} // namespace

application::application(settings_source source, std::string version, const supervision& manager)
    : source_(std::move(source)), threads_(source_.in_force().threads), signals_(threads_.first(), SIGTERM, SIGINT),
      hangups_(threads_.first(), SIGHUP),
      rooms_(std::make_unique<rooms>(source_, threads_, std::move(version), manager)),
      supervisor_(manager.notify_socket), dog_(threads_.all(), manager.watchdog, supervisor_),
      grace_(source_.in_force().shutdown_grace)
{
    log_gaps_of_confinement(source_.in_force());
}

application::~application() = default;

void application::run()
{
    std::exception_ptr failure;
    asio::co_spawn(threads_.first(), serve(), [this, &failure](const std::exception_ptr& thrown) {
        failure = thrown;
        threads_.stop();
    });
    threads_.run();
    if (failure)
        std::rethrow_exception(failure);
}

asio::awaitable<void> application::serve()
{
    rooms_->kept.maintain();
    checks_.spawn(threads_.first(), check_ffmpeg(), "ffmpeg check");
    checks_.spawn(threads_.first(), maintain_store(), "cache maintenance");
    checks_.spawn(threads_.first(), reload_on_hangup(), "reload");
    checks_.spawn(threads_.first(), dog_.run(), "watchdog");
    rooms_->lookout.watch(canary_of(source_.in_force()));
    rooms_->listener.start();
    const auto endpoint = rooms_->listener.endpoint();
    serving_ = fmt::format("listening on {}:{}", endpoint.address().to_string(), endpoint.port());
    spdlog::info("{}", serving_);
    supervisor_.ready(serving_);
    const int signal = co_await signals_.async_wait(asio::use_awaitable);
    const auto ending = fmt::format("shutting down on {}, transfers have {} s to finish",
                                    signal == SIGTERM ? "SIGTERM" : "SIGINT", grace_.count());
    spdlog::info("{}", ending);
    supervisor_.stopping(ending, grace_ + end_after_grace);
    co_await shut_down();
}

/// In the background, since only a part of what is asked for needs it.
asio::awaitable<void> application::check_ffmpeg()
{
    co_await rooms_->rehearsal.succeeds();
}

asio::awaitable<void> application::maintain_store()
{
    asio::steady_timer timer(threads_.first());
    for (;;) {
        timer.expires_after(store::media_store::maintenance_interval);
        co_await timer.async_wait(asio::use_awaitable);
        auto maintain = [this] {
            rooms_->kept.maintain();
            return true;
        };
        co_await run_blocking(rooms_->disk, maintain);
    }
}

asio::awaitable<void> application::reload_on_hangup()
{
    for (;;) {
        co_await hangups_.async_wait(asio::use_awaitable);
        auto reload = [this] { return read_again(); };
        supervisor_.reloading();
        if (auto pool = co_await run_blocking(rooms_->disk, reload))
            adopt(std::move(*pool));
        supervisor_.ready(serving_);
    }
}

/// Blocks. Returns how the extractors are to be from now on; nothing when everything stays as it is.
std::optional<extraction::worker_pool_options> application::read_again()
{
    if (!source_.reload()) {
        rooms_->keys.check();
        return std::nullopt;
    }
    rooms_->keys.reload();
    rooms_->proxies.reload();
    try {
        return rooms_->pool_options();
    } catch (const std::exception& failure) { // for want of descriptors
        spdlog::error("what was read takes effect with the next SIGHUP: {}", failure.what());
        return std::nullopt;
    }
}

/// What settings::takes_effect::on_reload promises.
void application::adopt(extraction::worker_pool_options pool)
{
    const auto& chosen = source_.in_force();
    grace_ = chosen.shutdown_grace;
    rooms_->spool.room().set_limit(chosen.max_spool_bytes);
    rooms_->board.limit(board_of(chosen));
    rooms_->max_file_bytes = chosen.max_file_bytes;
    rooms_->access.limit(access_of(chosen));
    rooms_->listener.set_most_clients(chosen.max_clients);
    rooms_->extractors.renew(std::move(pool));
    rooms_->lookout.watch(canary_of(chosen));
    spdlog::info("settings are reloaded, changed: {}", source_.changed());
    set_log_level(chosen.log_level);
}

asio::awaitable<void> application::shut_down()
{
    signals_.async_wait([this](const error_code& ec, int) {
        if (!ec)
            rooms_->listener.end_grace();
    });
    co_await rooms_->listener.stop(std::chrono::steady_clock::now() + grace_);
    signals_.cancel();
    co_await rooms_->board.stop();
    co_await rooms_->lookout.stop();
    checks_.cancel();
    co_await checks_.join();
    co_await rooms_->encoder.stop();
    co_await rooms_->extractors.stop();
    co_await rooms_->gate.stop();
    spdlog::info("stopped");
}

} // namespace ttsave::app
