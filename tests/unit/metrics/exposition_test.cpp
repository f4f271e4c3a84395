#include "metrics/exposition.hpp"
#include "metrics/process_samples.hpp"
#include "metrics/request_counters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace ttsave::metrics {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(Exposition, HasWhatIsCountedAndWhatIsAsked)
{
    instruments counted;
    counted.delivery_ended({"ok", "tiktok", 2s, 500ms});
    counted.delivery_ended({"post.private", {}, 100ms, std::nullopt});
    counted.job_taken(30ms);
    counted.job_answered(300ms, "ok");
    samples asked;
    asked.gauge("things", "Things.", 3);
    asked.counters("ends_total", "Ends.", "reason", {{"bad \"luck\"\n", 2}});
    asked.info("kind_info", "Kind.", {{"version", "1"}});
    const auto text = exposition(counted, std::move(asked));
    EXPECT_THAT(text, HasSubstr("ttsave_deliveries_total{code=\"ok\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_deliveries_total{code=\"post.private\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_cache_lookups_total{result=\"miss\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_first_byte_seconds_bucket{source=\"tiktok\",le=\"0.5\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_delivery_seconds_sum{source=\"tiktok\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_resolve_queue_wait_seconds_bucket{le=\"0.025\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_resolve_queue_wait_seconds_bucket{le=\"0.1\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_resolves_total{code=\"ok\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("# HELP things Things.\n# TYPE things gauge\nthings 3\n"));
    EXPECT_THAT(text, HasSubstr("ends_total{reason=\"bad \\\"luck\\\"\\n\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("kind_info{version=\"1\"} 1\n"));
}

TEST(Exposition, HasNoFamilyWithoutValues)
{
    const instruments counted;
    EXPECT_THAT(exposition(counted, {}), Not(HasSubstr("ttsave_http_requests_total")));
}

TEST(RequestCounters, CountByRouteAndStatusFromAnyThread)
{
    instruments counted;
    request_counters requests(counted, {"/ping", "/other"});
    const auto count = [&requests] {
        for (int i = 0; i < 1000; ++i) {
            requests.count("/ping", 200, 4);
            requests.count("/unknown", 404, 10);
            requests.count("/other", 0, 0);
        }
    };
    std::thread beside(count);
    count();
    beside.join();
    const auto text = exposition(counted, {});
    EXPECT_THAT(text, HasSubstr("ttsave_http_requests_total{route=\"/ping\",status=\"200\"} 2000\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_http_requests_total{route=\"\",status=\"404\"} 2000\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_http_requests_total{route=\"/other\",status=\"499\"} 2000\n"));
    EXPECT_THAT(text, HasSubstr("ttsave_sent_bytes_total 28000\n"));
}

TEST(ProcessSamples, AreOfThisProcess)
{
    samples asked;
    add_process_samples(asked);
    std::vector<std::string> names;
    for (const auto& family : asked.take()) {
        names.push_back(family.name);
        for (const auto& metric : family.metric)
            EXPECT_GE(metric.counter.value + metric.gauge.value, 0) << family.name;
    }
    EXPECT_THAT(names, testing::UnorderedElementsAre("process_cpu_seconds_total", "process_max_fds", "process_open_fds",
                                                     "process_resident_memory_bytes", "process_start_time_seconds",
                                                     "process_threads", "process_virtual_memory_bytes"));
}

} // namespace
} // namespace ttsave::metrics
