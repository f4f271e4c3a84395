#include "app/room_options.hpp"

#include "app/extractor_command.hpp"
#include "app/program_path.hpp"
#include "core/confinement.hpp"
#include "http/multipart_writer.hpp"

#include <utility>

namespace ttsave::app {
namespace {

/// In extractor_path, the link to the yt-dlp to use.
constexpr const char* current_version = "current";

} // namespace

net::network_options network_of(const settings::settings& chosen)
{
    return {chosen.ca_file};
}

egress::entry entry_here()
{
    return supported_confinement().connects ? egress::entry::handed : egress::entry::port;
}

extraction::worker_pool_options pool_of(const settings::settings& chosen, const egress::gate& gate,
                                        extraction::job_witness seen)
{
    extraction::worker_pool_options options;
    options.processes.command = extractor_command(chosen, gate.port());
    if (!chosen.extractor_path.empty())
        options.processes.yt_dlp = chosen.extractor_path / current_version;
    options.processes.told = {chosen.cookies_file, chosen.user_agent, chosen.extractor_args};
    options.processes.boxed_files = {chosen.cookies_file, chosen.ca_file};
    options.limits = {chosen.worker_max_jobs, chosen.worker_max_rss_bytes};
    options.workers = chosen.workers;
    options.max_workers = chosen.max_workers;
    options.queue_limit = chosen.queue_limit;
    options.seen = std::move(seen);
    return options;
}

canary_options canary_of(const settings::settings& chosen)
{
    return {chosen.canary_urls, chosen.canary_interval, chosen.resolve_timeout};
}

media::ffmpeg_options ffmpeg_of(const settings::settings& chosen)
{
    media::ffmpeg_options options;
    options.program = program_path(chosen.ffmpeg);
    options.jobs = chosen.slideshow_jobs;
    return options;
}

store::media_store_options store_of(const settings::settings& chosen)
{
    return {chosen.cache_dir, chosen.cache_max_bytes, chosen.cache_ttl};
}

http::limits http_of(const settings::settings& chosen)
{
    http::limits bounds;
    bounds.clients = chosen.max_clients;
    bounds.trusted_proxies = chosen.trusted_proxies;
    return bounds;
}

access::access_options access_of(const settings::settings& chosen)
{
    return {chosen.rate_limit_per_min, chosen.max_deliveries_per_client};
}

delivery::board_options board_of(const settings::settings& chosen)
{
    delivery::board_options options;
    options.resolve_timeout = chosen.resolve_timeout;
    options.negative_ttl = chosen.negative_ttl;
    options.link_ttl = chosen.cache_ttl;
    options.max_deliveries = chosen.max_deliveries;
    auto& making = options.making;
    making.stall_timeout = chosen.stall_timeout;
    making.max_file_bytes = chosen.max_file_bytes;
    making.parallel_fetches = chosen.parallel_fetches;
    making.slideshow.background =
        chosen.slideshow_is_blurred ? media::slideshow_background::blur : media::slideshow_background::black;
    making.slideshow.shortest = chosen.photo_min;
    making.slideshow.longest = chosen.photo_max;
    making.marker = http::simple_delimiter;
    return options;
}

} // namespace ttsave::app
