#include "app/readiness.hpp"

#include "core/blocking.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <utility>

namespace ttsave::app {

namespace asio = boost::asio;

namespace {

/// Anybody may ask, so a reason that names a path stays in the log.
std::string public_reason(std::string reason)
{
    return reason.find('/') == std::string::npos ? std::move(reason) : "see the server's log";
}

} // namespace

asio::awaitable<std::vector<api::readiness_check>> readiness_probe::look()
{
    auto checks = look_at_extractors();
    if (auto lookout = look_at_canary())
        checks.push_back(std::move(*lookout));
    checks.push_back(co_await look_at_storage());
    checks.push_back(co_await look_at_ffmpeg());
    co_return checks;
}

std::vector<api::readiness_check> readiness_probe::look_at_extractors() const
{
    const auto status = rooms_.extractors.status();
    api::readiness_check workers;
    workers.name = "workers";
    workers.is_ok = status.ready > 0;
    workers.reason = status.problem.empty() ? "no extractor process is ready yet" : public_reason(status.problem);
    api::readiness_check yt_dlp;
    yt_dlp.name = "yt_dlp";
    yt_dlp.is_ok = workers.is_ok;
    yt_dlp.reason = status.problem.starts_with("yt-dlp") ? workers.reason : "no extractor process has imported it yet";
    if (!status.yt_dlp.empty())
        yt_dlp.known.emplace_back("version", status.yt_dlp);
    const auto seen = rooms_.extractors.blocks();
    api::readiness_check tiktok;
    tiktok.name = "tiktok";
    tiktok.is_ok = !seen.is_blocked;
    tiktok.reason =
        "it refuses this server, or yt-dlp no longer understands it: a newer yt-dlp (ttsave-update), another "
        "proxy or cookies may help";
    tiktok.is_needed = false; // what is kept can be had, and other replicas are no better off
    tiktok.known.emplace_back("answered", seen.answered);
    tiktok.known.emplace_back("blocked", seen.blocked);
    tiktok.known.emplace_back("failed", seen.failed);
    return {workers, yt_dlp, tiktok};
}

std::optional<api::readiness_check> readiness_probe::look_at_canary() const
{
    const auto report = rooms_.lookout.report();
    if (!report)
        return std::nullopt;
    api::readiness_check lookout;
    lookout.name = "canary";
    lookout.is_ok = report->failures.empty();
    lookout.is_needed = false; // like tiktok
    std::string codes;
    for (const auto& failure : report->failures)
        codes += (codes.empty() ? "" : ", ") + failure.code;
    lookout.reason = fmt::format("{} of {} canary_urls fail: {}", report->failures.size(), report->links, codes);
    if (report->last_run) {
        lookout.known.emplace_back("last_run", seconds_since_1970(*report->last_run));
        lookout.known.emplace_back("failed", codes);
    }
    return lookout;
}

asio::awaitable<api::readiness_check> readiness_probe::look_at_storage()
{
    api::readiness_check storage;
    storage.name = "cache_dir";
    storage.reason = "no file can be made in cache_dir: see the server's log";
    auto make_file = [this] { return rooms_.spool.create().has_value(); };
    storage.is_ok = co_await run_blocking(disk_, make_file);
    co_return storage;
}

asio::awaitable<api::readiness_check> readiness_probe::look_at_ffmpeg()
{
    const auto now = clock::now();
    auto next = next_rehearsal_.load();
    if (!rooms_.rehearsal.has_succeeded() && now >= next &&
        next_rehearsal_.compare_exchange_strong(next, now + between_rehearsals))
        co_await rooms_.rehearsal.succeeds();
    api::readiness_check ffmpeg;
    ffmpeg.name = "ffmpeg";
    ffmpeg.reason = "no video can be made of photos: see the server's log";
    ffmpeg.is_ok = rooms_.rehearsal.has_succeeded();
    co_return ffmpeg;
}

} // namespace ttsave::app
