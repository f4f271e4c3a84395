#include "metrics/samples.hpp"

namespace ttsave::metrics {

namespace {

using prometheus::MetricType;

prometheus::ClientMetric metric_of(MetricType type, double value)
{
    prometheus::ClientMetric metric;
    if (type == MetricType::Counter)
        metric.counter.value = value;
    else
        metric.gauge.value = value;
    return metric;
}

void add_labelled(prometheus::MetricFamily& family, const std::string& label,
                  const std::map<std::string, double>& values)
{
    for (const auto& [of, value] : values) {
        auto metric = metric_of(family.type, value);
        metric.label.push_back({label, of});
        family.metric.push_back(std::move(metric));
    }
}

} // namespace

prometheus::MetricFamily& samples::add(std::string name, std::string help, MetricType type)
{
    auto& added = families_.emplace_back();
    added.name = std::move(name);
    added.help = std::move(help);
    added.type = type;
    return added;
}

void samples::gauge(std::string name, std::string help, double value)
{
    add(std::move(name), std::move(help), MetricType::Gauge).metric.push_back(metric_of(MetricType::Gauge, value));
}

void samples::counter(std::string name, std::string help, double value)
{
    add(std::move(name), std::move(help), MetricType::Counter).metric.push_back(metric_of(MetricType::Counter, value));
}

void samples::gauges(std::string name, std::string help, const std::string& label,
                     const std::map<std::string, double>& values)
{
    add_labelled(add(std::move(name), std::move(help), MetricType::Gauge), label, values);
}

void samples::counters(std::string name, std::string help, const std::string& label,
                       const std::map<std::string, double>& values)
{
    add_labelled(add(std::move(name), std::move(help), MetricType::Counter), label, values);
}

void samples::info(std::string name, std::string help, const labels& told)
{
    auto metric = metric_of(MetricType::Gauge, 1);
    for (const auto& [label, value] : told)
        metric.label.push_back({label, value});
    add(std::move(name), std::move(help), MetricType::Gauge).metric.push_back(std::move(metric));
}

} // namespace ttsave::metrics
