#pragma once

// Follows short links, once for all who ask for the same.

#include "core/errc.hpp"
#include "core/expiring_map.hpp"
#include "delivery/failure_memory.hpp"
#include "delivery/places.hpp"
#include "delivery/shared_outcome.hpp"
#include "delivery/shared_work.hpp"
#include "extraction/pathfinder.hpp"
#include "extraction/post_url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace ttsave::delivery {

/// Thread-safe.
class link_follower {
public:
    using clock = std::chrono::steady_clock;

    /// `finder` and `room` must outlive it. `link_ttl`: how long it is remembered where a link leads.
    link_follower(extraction::pathfinder& finder, places& room, std::chrono::seconds link_ttl,
                  std::chrono::seconds negative_ttl);

    struct target {
        extraction::resolve_request post; ///< by the way that the link was followed; none chosen if it was known
        std::shared_ptr<void> place;      ///< what was held for following it; null if the target was known
    };

    /// Errors: those of pathfinder::follow, remembered ones among them; tiktok_timeout at `deadline`; overloaded
    /// (no place); shutting_down. Cancellation: terminal.
    boost::asio::awaitable<result<target>> follow(extraction::short_link link, clock::time_point deadline);

    /// Cancels what is under way and waits for its end; must be awaited before destruction.
    boost::asio::awaitable<void> stop();

private:
    using works = shared_work<std::string, shared_outcome<extraction::resolve_request>>;

    result<works::share> join(const boost::asio::any_io_executor& where, const extraction::short_link& link,
                              clock::time_point deadline);
    boost::asio::awaitable<result<extraction::resolve_request>> ask(extraction::short_link link,
                                                                    clock::time_point deadline);

    extraction::pathfinder& finder_;
    places& room_;

    std::mutex mutex_; // guards what follows
    expiring_map<std::string, extraction::post_ref> known_;
    failure_memory failures_;
    works under_way_;
};

} // namespace ttsave::delivery
