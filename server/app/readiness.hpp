#pragma once

// Finds out what of the server works, for /readyz and metrics.

#include "api/health.hpp"
#include "app/canary.hpp"
#include "extraction/worker_pool.hpp"
#include "media/ffmpeg_rehearsal.hpp"
#include "store/spool.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

namespace ttsave::app {

/// Whom to ask. References.
struct probed_rooms {
    const extraction::worker_pool& extractors;
    const canary& lookout;
    store::spool& spool;
    media::ffmpeg_rehearsal& rehearsal;
};

/// Thread-safe. References must outlive it.
class readiness_probe {
public:
    readiness_probe(const probed_rooms& rooms, boost::asio::thread_pool& disk)
        : rooms_(rooms), disk_(disk), next_rehearsal_(clock::now() + between_rehearsals)
    {
    }

    /// Looks at everything. An ffmpeg that was not there is looked for again, once in a while. Cancellation: terminal.
    boost::asio::awaitable<std::vector<api::readiness_check>> look();

private:
    using clock = std::chrono::steady_clock;

    /// How often an ffmpeg that fails is tried: whoever asks can have a process started.
    static constexpr std::chrono::seconds between_rehearsals{5};

    std::vector<api::readiness_check> look_at_extractors() const;
    std::optional<api::readiness_check> look_at_canary() const;
    boost::asio::awaitable<api::readiness_check> look_at_storage();
    boost::asio::awaitable<api::readiness_check> look_at_ffmpeg();

    const probed_rooms rooms_;
    boost::asio::thread_pool& disk_;
    std::atomic<clock::time_point> next_rehearsal_; // the first one is the application's
};

} // namespace ttsave::app
