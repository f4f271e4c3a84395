#pragma once

// A server's life: it starts, is reloaded, and takes the rooms down in order.

#include "app/notifier.hpp"
#include "app/settings_source.hpp"
#include "app/supervision.hpp"
#include "app/thread_contexts.hpp"
#include "app/watchdog.hpp"
#include "core/task_group.hpp"
#include "extraction/worker_pool.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace ttsave::app {

struct rooms;

/// A whole server. Construct, then `run`; one at a time in a process, since it owns the process's signals.
class application {
public:
    /// Binds the address, or takes over the socket that the service manager hands to it: throws std::runtime_error
    /// (boost::system::system_error...) if that fails. Everything else that can be wrong (extractor, storage) is logged
    /// and leaves a server that answers what it still can.
    /// `version`: the server's own, for whoever asks.
    application(settings_source source, std::string version, const supervision& manager);
    ~application();

    /// Serves until SIGTERM or SIGINT, then shuts down: stops accepting, lets transfers finish within the grace
    /// period, cuts the rest, ends the extractors. A second signal ends the grace period. On SIGHUP reads the settings
    /// and the keys again, and has the extractors replaced.
    void run();

private:
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<void> check_ffmpeg();
    boost::asio::awaitable<void> maintain_store();
    boost::asio::awaitable<void> reload_on_hangup();
    std::optional<extraction::worker_pool_options> read_again();
    void adopt(extraction::worker_pool_options pool);
    boost::asio::awaitable<void> shut_down();

    settings_source source_;
    thread_contexts threads_;
    boost::asio::signal_set signals_; // before the rooms: none may end the process while they are built
    boost::asio::signal_set hangups_;
    std::unique_ptr<rooms> rooms_;
    const notifier supervisor_;
    const watchdog dog_;
    task_group checks_;
    std::chrono::seconds grace_;
    std::string serving_; // what people are told about it
};

} // namespace ttsave::app
