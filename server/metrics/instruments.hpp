#pragma once

// What happens in the server, counted and measured for Prometheus: the table of all such metrics.

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace ttsave::metrics {

/// How a download has ended.
struct delivery_end {
    std::string_view code;   ///< "ok", or why it has failed: errc's stable codes, and "client.left"
    std::string_view source; ///< "cache", "shared" or "tiktok"; empty where no file was opened
    std::chrono::duration<double> took{};
    std::optional<std::chrono::duration<double>> first_byte; ///< from the order to the first byte of the answer's head
};

/// Names and labels follow Prometheus' "Metric and label naming". Thread-safe; each call costs microseconds.
class instruments {
public:
    instruments();

    /// For request_counters.
    prometheus::Family<prometheus::Counter>& requests() { return requests_; }
    prometheus::Counter& sent_bytes() { return sent_bytes_; }

    void delivery_ended(const delivery_end& ended);

    /// A post has waited for an extractor for so long.
    void job_taken(std::chrono::duration<double> waited);
    /// An extractor has answered with a post ("ok"), or with a failure's code.
    void job_answered(std::chrono::duration<double> took, std::string_view code);

    std::vector<prometheus::MetricFamily> collect() const { return registry_.Collect(); }

private:
    prometheus::Registry registry_;
    prometheus::Family<prometheus::Counter>& requests_;
    prometheus::Family<prometheus::Counter>& deliveries_;
    prometheus::Family<prometheus::Counter>& lookups_;
    prometheus::Family<prometheus::Counter>& resolves_;
    prometheus::Family<prometheus::Histogram>& first_bytes_;
    prometheus::Family<prometheus::Histogram>& whole_deliveries_;
    prometheus::Counter& sent_bytes_;
    prometheus::Histogram& queue_waits_;
    prometheus::Histogram& resolve_times_;
};

} // namespace ttsave::metrics
