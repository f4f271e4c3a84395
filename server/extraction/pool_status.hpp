#pragma once

// How the extractors are doing, for the operator. Plain values.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ttsave::extraction {

/// Why a process had to be followed by another one.
enum class restart_reason {
    crashed,  ///< it ended by itself, or broke the protocol
    timeout,  ///< it did not take up its job, or did not let go of one that nobody waited for any more
    worn,     ///< worker_max_jobs, worker_max_rss_bytes
    renewed,  ///< worker_pool::renew
    outdated, ///< cookies_file or ca_file is another file
};

inline constexpr std::array restart_reasons{restart_reason::crashed, restart_reason::timeout, restart_reason::worn,
                                            restart_reason::renewed, restart_reason::outdated};

/// As a label of a metric.
constexpr std::string_view name_of(restart_reason reason)
{
    constexpr std::array<std::string_view, restart_reasons.size()> names{"crashed", "timeout", "worn", "renewed",
                                                                         "outdated"};
    return names[static_cast<std::size_t>(reason)];
}

struct pool_status {
    std::size_t ready = 0;       ///< processes that wait for a job or are at one: `idle` and `busy` together
    std::size_t idle = 0;        ///< processes that wait for a job
    std::size_t busy = 0;        ///< processes that are at a job
    std::size_t starting = 0;    ///< processes that are not ready yet
    std::size_t waiting = 0;     ///< posts in the queue
    bool is_renewing = false;    ///< processes are being replaced by fresh ones, on worker_pool::renew
    std::uint64_t no_starts = 0; ///< processes that did not get ready, since the server's start
    std::array<std::uint64_t, restart_reasons.size()> restarts{}; ///< likewise: those that were followed, by why
    std::string yt_dlp;  ///< the version of the process that became ready last; empty before the first one
    std::string problem; ///< why no process can work; empty as long as one may, or may soon

    std::uint64_t restarts_of(restart_reason reason) const { return restarts[static_cast<std::size_t>(reason)]; }
};

} // namespace ttsave::extraction
