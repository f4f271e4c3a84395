#pragma once

// What the rooms can be asked at any time, as metrics.

#include "app/canary.hpp"
#include "delivery/board.hpp"
#include "extraction/worker_pool.hpp"
#include "http/listener.hpp"
#include "metrics/samples.hpp"
#include "net/transfer_engine.hpp"
#include "store/media_store.hpp"
#include "store/spool.hpp"

#include <string>

namespace ttsave::app {

/// Whom to ask. References.
struct sampled_rooms {
    const std::string& version; ///< the server's own
    const http::listener& listener;
    const delivery::board& board;
    const extraction::worker_pool& extractors;
    const canary& lookout;
    const net::transfer_engine& engine;
    const store::media_store& kept;
    const store::spool& spool;
};

/// Adds what they tell, and what is known of the process. Thread-safe as they are; takes a fraction of a millisecond.
void add_server_samples(metrics::samples& to, const sampled_rooms& rooms);

} // namespace ttsave::app
