#pragma once

// Settings as an operator would write them, so that tests can compare them by key.

#include "settings/load.hpp"

#include <map>
#include <string>
#include <vector>

namespace ttsave::settings {

inline std::string text_of(const ip_networks& networks)
{
    std::string text;
    for (const auto& each : networks)
        text += (text.empty() ? "" : ",") + each.to_string();
    return text;
}

inline std::string text_of(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& each : words)
        text += (text.empty() ? "" : " ") + each;
    return text;
}

/// Every setting's value, by key.
inline std::map<std::string, std::string> shown(const settings& values)
{
    return {
        {"address", values.address},
        {"port", std::to_string(values.port)},
        {"base_path", values.base_path},
        {"threads", std::to_string(values.threads)},
        {"cache_dir", values.cache_dir.string()},
        {"cache_max_bytes", std::to_string(values.cache_max_bytes)},
        {"cache_ttl_s", std::to_string(values.cache_ttl.count())},
        {"negative_ttl_s", std::to_string(values.negative_ttl.count())},
        {"max_spool_bytes", std::to_string(values.max_spool_bytes)},
        {"workers", std::to_string(values.workers)},
        {"max_workers", std::to_string(values.max_workers)},
        {"worker_max_jobs", std::to_string(values.worker_max_jobs)},
        {"worker_max_rss_bytes", std::to_string(values.worker_max_rss_bytes)},
        {"python", values.python},
        {"extractor_dir", values.extractor_dir.string()},
        {"extractor_path", values.extractor_path.string()},
        {"canary_urls", text_of(values.canary_urls)},
        {"canary_interval_s", std::to_string(values.canary_interval.count())},
        {"proxy", values.proxy},
        {"proxies_file", values.proxies_file},
        {"ca_file", values.ca_file},
        {"cookies_file", values.cookies_file},
        {"user_agent", values.user_agent},
        {"extractor_args", values.extractor_args},
        {"resolve_timeout_s", std::to_string(values.resolve_timeout.count())},
        {"stall_timeout_s", std::to_string(values.stall_timeout.count())},
        {"max_file_bytes", std::to_string(values.max_file_bytes)},
        {"parallel_fetches", std::to_string(values.parallel_fetches)},
        {"ffmpeg", values.ffmpeg},
        {"slideshow_jobs", std::to_string(values.slideshow_jobs)},
        {"slideshow_background", values.slideshow_is_blurred ? "blur" : "black"},
        {"photo_min_s", std::to_string(values.photo_min.count())},
        {"photo_max_s", std::to_string(values.photo_max.count())},
        {"max_clients", std::to_string(values.max_clients)},
        {"max_deliveries", std::to_string(values.max_deliveries)},
        {"queue_limit", std::to_string(values.queue_limit)},
        {"web_ui", values.web_ui ? "true" : "false"},
        {"api_keys_file", values.api_keys_file},
        {"rate_limit_per_min", std::to_string(values.rate_limit_per_min)},
        {"max_deliveries_per_client", std::to_string(values.max_deliveries_per_client)},
        {"trusted_proxies", text_of(values.trusted_proxies)},
        {"shutdown_grace_s", std::to_string(values.shutdown_grace.count())},
        {"log_level", values.log_level},
        {"log_format", values.log_as_json ? "json" : "text"},
    };
}

} // namespace ttsave::settings
