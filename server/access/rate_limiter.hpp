#pragma once

// How often each client may ask.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ttsave::access {

/// How a client stands after a request.
struct rate_standing {
    bool is_within = true;                ///< the request may be answered
    std::uint32_t limit = 0;              ///< requests a minute
    std::uint32_t remaining = 0;          ///< that may follow at once
    std::chrono::seconds until_full{};    ///< until all may again, rounded up
    std::chrono::seconds until_allowed{}; ///< until the next one may, rounded up
};

/// A token bucket for each client, which holds as many requests as may come in a minute and fills evenly. Thread-safe.
class rate_limiter {
public:
    using clock = std::chrono::steady_clock;

    /// Remembers the `most` clients that have asked last; who is forgotten begins with a full bucket.
    explicit rate_limiter(std::size_t most = 65'536) : most_(most) {}

    /// Counts a request of `client`, unless that is over the limit. `per_minute`: at least 1.
    rate_standing count(const std::string& client, std::uint32_t per_minute, clock::time_point now = clock::now());

private:
    struct bucket {
        std::string client;
        clock::time_point full_at; // what of it is missing fills up until then
    };
    using buckets = std::list<bucket>;

    buckets::iterator find(const std::string& client);

    const std::size_t most_;
    std::mutex mutex_;
    buckets by_use_; // the one used last in front
    std::unordered_map<std::string, buckets::iterator> by_client_;
};

} // namespace ttsave::access
