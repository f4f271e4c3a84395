#pragma once

// What the operator can choose. Plain values; the table of settings (table.hpp) says what each means.

#include "core/ip_network.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ttsave::settings {

struct settings {
    std::string address;
    std::uint16_t port = 0;
    std::string base_path; ///< without a slash at its end; empty for the root
    std::size_t threads = 0;
    std::filesystem::path cache_dir;
    std::uint64_t cache_max_bytes = 0;
    std::chrono::seconds cache_ttl{};    ///< 0: finished posts are not kept
    std::chrono::seconds negative_ttl{}; ///< 0: failures are not remembered
    std::uint64_t max_spool_bytes = 0;
    std::size_t workers = 0;
    std::size_t max_workers = 0;
    std::size_t worker_max_jobs = 0;
    std::uint64_t worker_max_rss_bytes = 0;
    std::string python;
    std::filesystem::path extractor_dir;  ///< empty: beside the installed binary
    std::filesystem::path extractor_path; ///< where versions of yt-dlp are; empty: there are none
    std::vector<std::string> canary_urls;
    std::chrono::seconds canary_interval{}; ///< 0: never
    std::string proxy;                      ///< may hold credentials: never log it
    std::string proxies_file;               ///< not together with `proxy`
    std::string ca_file;
    std::string cookies_file;
    std::string user_agent;     ///< empty: yt-dlp's own
    std::string extractor_args; ///< in yt-dlp's syntax
    std::chrono::seconds resolve_timeout{};
    std::chrono::seconds stall_timeout{};
    std::uint64_t max_file_bytes = 0;
    std::size_t parallel_fetches = 0;
    std::string ffmpeg;
    std::size_t slideshow_jobs = 0;
    bool slideshow_is_blurred = false; ///< behind photos that do not fill the picture; else it is black there
    std::chrono::seconds photo_min{};
    std::chrono::seconds photo_max{}; ///< not less than `photo_min`
    std::size_t max_clients = 0;
    std::size_t max_deliveries = 0;
    std::size_t queue_limit = 0;
    std::chrono::seconds shutdown_grace{};
    bool web_ui = false;                  ///< whether there are pages for people
    std::string api_keys_file;            ///< empty: everybody is admitted
    std::uint32_t rate_limit_per_min = 0; ///< 0: none
    std::size_t max_deliveries_per_client = 0;
    ip_networks trusted_proxies;
    std::string log_level;
    bool log_as_json = false;
};

} // namespace ttsave::settings
