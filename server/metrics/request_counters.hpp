#pragma once

// Requests by route and status.

#include "metrics/instruments.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ttsave::metrics {

/// Thread-safe. Counting costs two additions: each counter is found without a lock once it is there.
class request_counters {
public:
    /// `routes`: what the server's routes are counted as, each of which is a label's value. They and `owner` must
    /// outlive this object.
    request_counters(instruments& owner, const std::vector<std::string_view>& routes);

    /// `route`: one of the constructor's; any other counts as no route's. `status`: 100 to 599; 0, of an answer
    /// that was not begun since the client left, counts as 499, nginx's word for it.
    void count(std::string_view route, unsigned status, std::uint64_t body_bytes);

private:
    struct row {
        std::string_view route;
        std::array<std::atomic<prometheus::Counter*>, 500> by_status{}; // from 100 on
    };

    prometheus::Counter& counter_of(std::string_view route, unsigned status);

    instruments& owner_;
    std::vector<row> rows_; // the last one is of what no route takes
};

} // namespace ttsave::metrics
