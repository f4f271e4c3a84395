#pragma once

// Asks TikTok now and then for posts that the operator knows to be there: whether it still works shows before a client
// finds out.

#include "core/errc.hpp"
#include "core/task_group.hpp"
#include "extraction/pathfinder.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::app {

struct canary_options {
    std::vector<std::string> links;  ///< to posts, as post_url takes them
    std::chrono::seconds interval{}; ///< from one round to the next, about; 0: never
    std::chrono::seconds patience{}; ///< for each link
    bool operator==(const canary_options&) const = default;
};

struct canary_failure {
    std::string link;
    std::string code; ///< the stable one
};

/// What has been found out. A plain value.
struct canary_report {
    std::size_t links = 0;                                           ///< how many are asked for
    std::optional<std::chrono::system_clock::time_point> last_run{}; ///< nothing: not yet
    std::vector<canary_failure> failures{};                          ///< as of then
};

/// When that was, as Prometheus and /readyz tell it.
inline std::uint64_t seconds_since_1970(std::chrono::system_clock::time_point when)
{
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch()).count());
}

/// Follows and resolves `link` as for a client, past everything that is kept or remembered. Returns what went wrong.
/// Cancellation: terminal.
boost::asio::awaitable<error_code> ask_for(extraction::pathfinder& finder, std::string link,
                                           std::chrono::steady_clock::time_point deadline);

/// `report` is thread-safe; everything else runs on the executor given, which must run one handler at a time.
class canary {
public:
    /// `finder` must outlive it.
    canary(const boost::asio::any_io_executor& executor, extraction::pathfinder& finder)
        : executor_(executor), finder_(finder)
    {
    }

    /// Asks as `wanted` says from now on, for the first time soon: replicas that start together do not ask at once.
    /// What was known is forgotten, unless `wanted` is what is being done already. The log has a line when links begin
    /// to fail, and one when all work again. That this server is overloaded says nothing of a link: what was known of
    /// it stays.
    void watch(canary_options wanted);

    /// Nothing where there is nothing to ask for.
    std::optional<canary_report> report() const;

    /// Must be awaited before destruction.
    boost::asio::awaitable<void> stop();

private:
    boost::asio::awaitable<void> keep_asking(canary_options wanted, std::uint64_t watch);
    boost::asio::awaitable<canary_report> ask_for_all(const canary_options& wanted);
    void publish(canary_report found, std::uint64_t watch);

    const boost::asio::any_io_executor executor_;
    extraction::pathfinder& finder_;
    canary_options watched_;
    std::uint64_t last_watch_ = 0;
    std::shared_ptr<task_group::task> watching_;
    bool is_told_ = false; // the log says that links fail
    mutable std::mutex mutex_;
    std::optional<canary_report> report_; // guarded by mutex_
    task_group tasks_;
};

} // namespace ttsave::app
