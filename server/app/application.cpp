#include "app/application.hpp"

#include "access/access_control.hpp"
#include "api/about.hpp"
#include "api/download.hpp"
#include "api/download_guard.hpp"
#include "api/metrics_page.hpp"
#include "api/openapi.hpp"
#include "api/routes.hpp"
#include "app/canary.hpp"
#include "app/confinement_gaps.hpp"
#include "app/key_source.hpp"
#include "app/notifier.hpp"
#include "app/proxy_source.hpp"
#include "app/readiness.hpp"
#include "app/room_options.hpp"
#include "app/server_samples.hpp"
#include "app/thread_contexts.hpp"
#include "app/watchdog.hpp"
#include "core/blocking.hpp"
#include "core/budget.hpp"
#include "core/log.hpp"
#include "core/task_group.hpp"
#include "delivery/board.hpp"
#include "egress/gate.hpp"
#include "extraction/link_resolver.hpp"
#include "extraction/pathfinder.hpp"
#include "extraction/worker_pool.hpp"
#include "http/acceptor.hpp"
#include "http/listener.hpp"
#include "media/fetcher.hpp"
#include "media/ffmpeg.hpp"
#include "media/ffmpeg_rehearsal.hpp"
#include "metrics/instruments.hpp"
#include "metrics/request_counters.hpp"
#include "net/proxy_rotation.hpp"
#include "net/transfer_engine.hpp"
#include "store/media_store.hpp"
#include "store/spool.hpp"
#include "web/pages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace ttsave::app {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Threads for disk calls that may block: as many as may block at once without delaying other deliveries.
constexpr std::size_t disk_threads = 4;

/// What all files together may take of memory while the disk cannot be written.
constexpr std::uint64_t pass_through_bytes = 64 * 1024 * 1024;

/// What ending takes besides the grace for transfers: cutting off the rest, and ending all processes.
constexpr std::chrono::seconds end_after_grace{30};

tcp::acceptor acceptor_of(const settings::settings& chosen, const supervision& manager,
                          const asio::any_io_executor& executor)
{
    if (manager.descriptors == 0)
        return http::bind_acceptor(executor, {asio::ip::make_address(chosen.address), chosen.port});
    if (manager.descriptors > 1)
        throw std::runtime_error(
            fmt::format("the service manager hands over {} sockets, where one can be served", manager.descriptors));
    spdlog::info("the service manager's socket is served; address and port do not count");
    return http::adopt_acceptor(executor, unique_fd(first_handed_descriptor));
}

extraction::job_witness witness_of(metrics::instruments& counted)
{
    extraction::job_witness seen;
    seen.taken = [&counted](extraction::worker_pool::clock::duration waited) { counted.job_taken(waited); };
    seen.answered = [&counted](extraction::worker_pool::clock::duration took, const result<extraction::post>& outcome) {
        const auto code = outcome ? "ok" : outcome.error().message();
        counted.job_answered(took, code);
    };
    return seen;
}

} // namespace

/// Members stand in the order in which they depend on each other; `shut_down` takes them apart from the other end.
struct application::rooms {
    rooms(settings_source& from, const settings::settings& chosen, std::string version, const supervision& manager)
        : source(from), own_version(std::move(version)), grace(chosen.shutdown_grace),
          supervisor(manager.notify_socket), threads(chosen.threads), dog(threads.all(), manager.watchdog, supervisor),
          signals(threads.first(), SIGTERM, SIGINT), hangups(threads.first(), SIGHUP), disk(disk_threads),
          spool(chosen.cache_dir, chosen.max_spool_bytes), kept(store_of(chosen)), memory(pass_through_bytes),
          proxies(chosen, rotation), engine(network_of(chosen)), links(engine), fetcher(engine),
          gate(threads.first(), network_of(chosen), entry_here()),
          extractors(threads.first(), gate, pool_of(chosen, gate, witness_of(counted))),
          finder(rotation, links, extractors), lookout(threads.first(), finder), encoder(ffmpeg_of(chosen)),
          rehearsal(encoder),
          board({finder, kept, {fetcher, encoder, rehearsal, spool, memory, disk}}, board_of(chosen)),
          downloads(board, counted), access(access_of(chosen)), keys(chosen.api_keys_file, access),
          probe({extractors, lookout, spool, rehearsal}, disk), routes(all_routes(chosen)),
          requests(counted, routes.counted()), listener(threads.all(), acceptor_of(chosen, manager, threads.first()),
                                                        routes, http_of(chosen), count_requests())
    {
        keys.load();
        proxies.load();
    }

    api::endpoints served()
    {
        const auto& chosen = source.in_force();
        const api::server_facts about{own_version, chosen.base_path, !chosen.api_keys_file.empty()};
        api::endpoints made;
        made.download = [this](http::exchange& asked) { return downloads.answer(asked); };
        made.admit = api::make_download_guard(access);
        made.look = api::make_look_guard(access);
        made.find_out = [this] { return probe.look(); };
        made.about = api::make_about_page(about, [this] { return max_file_bytes.load(); });
        made.document = api::make_openapi_page(about);
        made.metrics = api::make_metrics_page(counted, [this](metrics::samples& to) {
            add_server_samples(to, {own_version, listener, board, extractors, lookout, engine, kept, spool});
        });
        return made;
    }

    http::router all_routes(const settings::settings& chosen)
    {
        auto made = api::make_routes(chosen.base_path, served());
        if (chosen.web_ui)
            web::add_pages(made, web::embedded_assets());
        return made;
    }

    http::witness count_requests()
    {
        return [this](const http::answered& ended) { requests.count(ended.route, ended.status, ended.body_bytes); };
    }

    asio::awaitable<void> serve()
    {
        kept.maintain();
        checks.spawn(threads.first(), check_ffmpeg(), "ffmpeg check");
        checks.spawn(threads.first(), maintain_store(), "cache maintenance");
        checks.spawn(threads.first(), reload_on_hangup(), "reload");
        checks.spawn(threads.first(), dog.run(), "watchdog");
        lookout.watch(canary_of(source.in_force()));
        listener.start();
        const auto endpoint = listener.endpoint();
        serving = fmt::format("listening on {}:{}", endpoint.address().to_string(), endpoint.port());
        spdlog::info("{}", serving);
        supervisor.ready(serving);
        const int signal = co_await signals.async_wait(asio::use_awaitable);
        const auto ending = fmt::format("shutting down on {}, transfers have {} s to finish",
                                        signal == SIGTERM ? "SIGTERM" : "SIGINT", grace.count());
        spdlog::info("{}", ending);
        supervisor.stopping(ending, grace + end_after_grace);
        co_await shut_down();
    }

    /// In the background, since only a part of what is asked for needs it.
    asio::awaitable<void> check_ffmpeg() { co_await rehearsal.succeeds(); }

    asio::awaitable<void> maintain_store()
    {
        asio::steady_timer timer(threads.first());
        for (;;) {
            timer.expires_after(store::media_store::maintenance_interval);
            co_await timer.async_wait(asio::use_awaitable);
            auto maintain = [this] {
                kept.maintain();
                return true;
            };
            co_await run_blocking(disk, maintain);
        }
    }

    asio::awaitable<void> reload_on_hangup()
    {
        for (;;) {
            co_await hangups.async_wait(asio::use_awaitable);
            auto reload = [this] { return read_again(); };
            supervisor.reloading();
            if (auto pool = co_await run_blocking(disk, reload))
                adopt(source.in_force(), std::move(*pool));
            supervisor.ready(serving);
        }
    }

    /// Blocks. Returns how the extractors are to be from now on; nothing when everything stays as it is.
    std::optional<extraction::worker_pool_options> read_again()
    {
        if (!source.reload()) {
            keys.check();
            return std::nullopt;
        }
        keys.reload();
        proxies.reload();
        try {
            return pool_of(source.in_force(), gate, witness_of(counted));
        } catch (const std::exception& failure) { // for want of descriptors
            spdlog::error("what was read takes effect with the next SIGHUP: {}", failure.what());
            return std::nullopt;
        }
    }

    /// What settings::takes_effect::on_reload promises.
    void adopt(const settings::settings& chosen, extraction::worker_pool_options pool)
    {
        grace = chosen.shutdown_grace;
        spool.room().set_limit(chosen.max_spool_bytes);
        board.limit(board_of(chosen));
        max_file_bytes = chosen.max_file_bytes;
        access.limit(access_of(chosen));
        listener.set_most_clients(chosen.max_clients);
        extractors.renew(std::move(pool));
        lookout.watch(canary_of(chosen));
        spdlog::info("settings are reloaded, changed: {}", source.changed());
        set_log_level(chosen.log_level);
    }

    asio::awaitable<void> shut_down()
    {
        signals.async_wait([this](const error_code& ec, int) {
            if (!ec)
                listener.end_grace();
        });
        co_await listener.stop(std::chrono::steady_clock::now() + grace);
        signals.cancel();
        co_await board.stop();
        co_await lookout.stop();
        checks.cancel();
        co_await checks.join();
        co_await encoder.stop();
        co_await extractors.stop();
        co_await gate.stop();
        spdlog::info("stopped");
    }

    settings_source& source;
    const std::string own_version;
    std::chrono::seconds grace;
    metrics::instruments counted;
    const notifier supervisor;
    std::string serving; // what people are told about it
    thread_contexts threads;
    const watchdog dog;
    asio::signal_set signals;
    asio::signal_set hangups;
    asio::thread_pool disk;
    store::spool spool;
    store::media_store kept;
    budget memory;
    net::proxy_rotation rotation;
    proxy_source proxies;
    net::transfer_engine engine;
    extraction::link_resolver links;
    media::fetcher fetcher;
    egress::gate gate;
    extraction::worker_pool extractors;
    extraction::pathfinder finder;
    canary lookout;
    media::ffmpeg encoder;
    media::ffmpeg_rehearsal rehearsal;
    task_group checks;
    delivery::board board;
    std::atomic<std::uint64_t> max_file_bytes = source.in_force().max_file_bytes; // as about.json tells it
    api::download downloads;
    access::access_control access;
    key_source keys;
    readiness_probe probe;
    http::router routes;
    metrics::request_counters requests;
    http::listener listener;
};

application::application(settings_source source, std::string version, const supervision& manager)
    : source_(std::move(source)),
      rooms_(std::make_unique<rooms>(source_, source_.in_force(), std::move(version), manager))
{
    log_gaps_of_confinement(source_.in_force());
}

application::~application() = default;

void application::run()
{
    std::exception_ptr failure;
    asio::co_spawn(rooms_->threads.first(), rooms_->serve(), [this, &failure](const std::exception_ptr& thrown) {
        failure = thrown;
        rooms_->threads.stop();
    });
    rooms_->threads.run();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace ttsave::app
