#include "app/server_samples.hpp"

#include "core/log.hpp"
#include "metrics/process_samples.hpp"

namespace ttsave::app {

namespace {

double number(std::uint64_t value)
{
    return static_cast<double>(value);
}

} // namespace

void add_server_samples(metrics::samples& to, const sampled_rooms& rooms)
{
    to.info("ttsave_build_info", "The server's version.", {{"version", rooms.version}});
    to.gauge("ttsave_clients", "Clients that are connected.", number(rooms.listener.clients()));
    to.gauge("ttsave_deliveries", "Posts and short links under way, or still being read.",
             number(rooms.board.under_way()));
    to.gauge("ttsave_resolve_queue_length", "Posts that wait for an extractor.",
             number(rooms.extractors.waiting_jobs()));
    to.gauge("ttsave_workers_ready", "Extractor processes that wait for a post or are at one.",
             number(rooms.extractors.status().ready));
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
