#pragma once

// Metrics that are asked for when somebody wants to see them.

#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ttsave::metrics {

/// A collection of values as they are now. A plain value.
class samples {
public:
    using labels = std::vector<std::pair<std::string, std::string>>;

    void gauge(std::string name, std::string help, double value);
    void counter(std::string name, std::string help, double value);

    /// One value for each value of the label `label`.
    void gauges(std::string name, std::string help, const std::string& label,
                const std::map<std::string, double>& values);
    void counters(std::string name, std::string help, const std::string& label,
                  const std::map<std::string, double>& values);

    /// What is told by labels alone: a gauge that is 1.
    void info(std::string name, std::string help, const labels& told);

    std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

private:
    prometheus::MetricFamily& add(std::string name, std::string help, prometheus::MetricType type);

    std::vector<prometheus::MetricFamily> families_;
};

} // namespace ttsave::metrics
