#pragma once

// The only place that wires the rooms together.

#include "access/access_control.hpp"
#include "api/download.hpp"
#include "api/routes.hpp"
#include "app/canary.hpp"
#include "app/key_source.hpp"
#include "app/proxy_source.hpp"
#include "app/readiness.hpp"
#include "app/settings_source.hpp"
#include "app/supervision.hpp"
#include "app/thread_contexts.hpp"
#include "core/budget.hpp"
#include "delivery/board.hpp"
#include "egress/gate.hpp"
#include "extraction/link_resolver.hpp"
#include "extraction/pathfinder.hpp"
#include "extraction/worker_pool.hpp"
#include "http/exchange.hpp"
#include "http/listener.hpp"
#include "http/router.hpp"
#include "media/fetcher.hpp"
#include "media/ffmpeg.hpp"
#include "media/ffmpeg_rehearsal.hpp"
#include "metrics/instruments.hpp"
#include "metrics/request_counters.hpp"
#include "net/proxy_rotation.hpp"
#include "net/transfer_engine.hpp"
#include "store/media_store.hpp"
#include "store/spool.hpp"

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace ttsave::app {

/// What a server consists of. Members stand in the order in which they depend on each other; whoever stops them begins
/// at the other end.
struct rooms {
    /// Binds the address, or takes over `manager`'s socket; throws as `application` says. Nobody is served before the
    /// listener is started. `from` and `contexts` must outlive the rooms.
    rooms(settings_source& from, const thread_contexts& contexts, std::string version, const supervision& manager);

    /// How extractors are to be by the settings in force; on any thread, but not while those are reloaded on another.
    /// Throws what pool_of does.
    extraction::worker_pool_options pool_options();

    settings_source& source;
    const thread_contexts& threads;
    const std::string own_version;
    metrics::instruments counted;
    boost::asio::thread_pool disk;
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
    delivery::board board;
    std::atomic<std::uint64_t> max_file_bytes; ///< as about.json tells it
    api::download downloads;
    access::access_control access;
    key_source keys;
    readiness_probe probe;
    http::router routes;
    metrics::request_counters requests;
    http::listener listener;

private:
    api::endpoints endpoints();
    http::router all_routes();
    http::witness count_requests();
};

} // namespace ttsave::app
