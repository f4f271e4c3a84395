#include "app/server_samples.hpp"

#include "core/log.hpp"
#include "metrics/process_samples.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace ttsave::app {

namespace {

double number(std::uint64_t value)
{
    return static_cast<double>(value);
}

void add_extractors(metrics::samples& to, const extraction::worker_pool& extractors)
{
    const auto status = extractors.status();
    const auto seen = extractors.blocks();
    to.gauge("ttsave_resolve_queue_length", "Posts that wait for an extractor.", number(status.waiting));
    to.gauge("ttsave_workers_ready", "Extractor processes that wait for a post or are at one.", number(status.ready));
    to.gauges("ttsave_workers", "Extractor processes by what they do.", "state",
              {{"idle", number(status.idle)}, {"busy", number(status.busy)}, {"starting", number(status.starting)}});
    std::map<std::string, double> restarts;
    for (const auto reason : extraction::restart_reasons)
        restarts[std::string(extraction::name_of(reason))] = number(status.restarts_of(reason));
    to.counters("ttsave_worker_restarts_total", "Extractor processes that were followed by another one, by why.",
                "reason", restarts);
    to.counter("ttsave_worker_failed_starts_total", "Extractor processes that did not become ready.",
               number(status.no_starts));
    to.gauge("ttsave_workers_renewing", "1 while all extractor processes are being replaced (SIGHUP).",
             status.is_renewing ? 1 : 0);
    to.gauge("ttsave_tiktok_blocked",
             "1 while TikTok refuses this server, or yt-dlp no longer understands it: post after post.",
             seen.is_blocked ? 1 : 0);
    if (!status.yt_dlp.empty())
        to.info("ttsave_extractor_info", "The extractor that became ready last.", {{"yt_dlp", status.yt_dlp}});
}

/// Nothing before it has run: whether it succeeds is not known.
void add_canary(metrics::samples& to, const canary& lookout)
{
    const auto report = lookout.report();
    if (!report || !report->last_run)
        return;
    to.gauge("ttsave_canary_success", "1 while every post of canary_urls can be had.",
             report->failures.empty() ? 1 : 0);
    to.gauge("ttsave_canary_last_run_timestamp_seconds", "When canary_urls were asked for last.",
             number(seconds_since_1970(*report->last_run)));
}

} // namespace

void add_server_samples(metrics::samples& to, const sampled_rooms& rooms)
{
    to.info("ttsave_build_info", "The server's version.", {{"version", rooms.version}});
    to.gauge("ttsave_clients", "Clients that are connected.", number(rooms.listener.clients()));
    to.gauge("ttsave_deliveries", "Posts and short links under way, or still being read.",
             number(rooms.board.under_way()));
    add_extractors(to, rooms.extractors);
    add_canary(to, rooms.lookout);
    to.counter("ttsave_received_bytes_total", "Bytes of bodies received from TikTok and its media hosts.",
               number(rooms.engine.received_bytes()));
    const auto stock = rooms.kept.kept();
    to.gauge("ttsave_cache_entries", "Posts that are kept for the next who asks.", number(stock.entries));
    to.gauge("ttsave_cache_bytes", "What the posts that are kept take.", number(stock.bytes));
    to.gauge("ttsave_spool_bytes", "What the files under way take.", number(rooms.spool.room().used()));
    if (const auto available = rooms.spool.available_bytes())
        to.gauge("ttsave_disk_available_bytes", "What the file system of cache_dir has left.", number(*available));
    to.counter("ttsave_log_lines_lost_total", "Lines given up since whoever reads the log was too slow.",
               number(lost_log_lines()));
    metrics::add_process_samples(to);
}

} // namespace ttsave::app
