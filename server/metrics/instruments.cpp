#include "metrics/instruments.hpp"

#include <map>
#include <string>

namespace ttsave::metrics {

namespace {

using prometheus::Histogram;

Histogram::BucketBoundaries first_byte_bounds()
{
    return {0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
}

Histogram::BucketBoundaries delivery_bounds()
{
    return {0.005, 0.025, 0.1, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 900};
}

Histogram::BucketBoundaries resolve_bounds()
{
    return {0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
}

Histogram::BucketBoundaries wait_bounds()
{
    return {0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30};
}

prometheus::Family<prometheus::Counter>& counters(prometheus::Registry& registry, const char* name, const char* help)
{
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Family<Histogram>& histograms(prometheus::Registry& registry, const char* name, const char* help)
{
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

} // namespace

instruments::instruments()
    : requests_(counters(registry_, "ttsave_http_requests_total",
                         "Requests answered, by the path of the route that took them and by status.")),
      deliveries_(counters(registry_, "ttsave_deliveries_total",
                           "Downloads that have ended, by outcome: ok, or the code of what went wrong.")),
      lookups_(counters(registry_, "ttsave_cache_lookups_total",
                        "Downloads by where their files came from: hit (kept from earlier), shared (under way for "
                        "somebody else), miss.")),
      resolves_(counters(registry_, "ttsave_resolves_total",
                         "What extractors have answered, by outcome: ok, or the code of what went wrong.")),
      first_bytes_(
          histograms(registry_, "ttsave_first_byte_seconds",
                     "From a download's order to the first byte of its answer, by where its files came from.")),
      whole_deliveries_(histograms(registry_, "ttsave_delivery_seconds",
                                   "From a download's order to its last byte, by where its files came from; whole "
                                   "ones only.")),
      sent_bytes_(counters(registry_, "ttsave_sent_bytes_total", "Bytes of bodies sent to clients.").Add({})),
      queue_waits_(histograms(registry_, "ttsave_resolve_queue_wait_seconds", "How long posts waited for an extractor.")
                       .Add({}, wait_bounds())),
      resolve_times_(histograms(registry_, "ttsave_resolve_seconds", "How long extractors took for a post.")
                         .Add({}, resolve_bounds()))
{
    for (const auto* const result : {"hit", "shared", "miss"}) // from the start, so that rates can be computed
        lookups_.Add({{"result", result}});
    deliveries_.Add({{"code", "ok"}});
    resolves_.Add({{"code", "ok"}});
}

void instruments::delivery_ended(const delivery_end& ended)
{
    deliveries_.Add({{"code", std::string(ended.code)}}).Increment();
    if (ended.source.empty())
        return;
    const auto* const result = ended.source == "cache" ? "hit" : ended.source == "shared" ? "shared" : "miss";
    lookups_.Add({{"result", result}}).Increment();
    const std::map<std::string, std::string> source{{"source", std::string(ended.source)}};
    if (ended.first_byte)
        first_bytes_.Add(source, first_byte_bounds()).Observe(ended.first_byte->count());
    if (ended.code == "ok")
        whole_deliveries_.Add(source, delivery_bounds()).Observe(ended.took.count());
}

void instruments::job_taken(std::chrono::duration<double> waited)
{
    queue_waits_.Observe(waited.count());
}

void instruments::job_answered(std::chrono::duration<double> took, std::string_view code)
{
    resolve_times_.Observe(took.count());
    resolves_.Add({{"code", std::string(code)}}).Increment();
}

} // namespace ttsave::metrics
