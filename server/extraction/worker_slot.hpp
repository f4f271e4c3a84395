#pragma once

// One place of the worker pool: the process that stands there, and the one that follows it.

#include "core/task_group.hpp"
#include "extraction/job_queue.hpp"
#include "extraction/roll_call.hpp"
#include "extraction/worker_nursery.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ttsave::extraction {

/// When a process that still works is replaced by a fresh one, or let go.
struct worker_limits {
    std::size_t max_jobs = 1000;
    std::uint64_t max_resident_bytes = 512 * 1024 * 1024;
    std::chrono::milliseconds reserve_time{60'000}; ///< that a reserve stays without a job
};

/// Whether a slot has a process at all times, or only when it is summoned, and then until it was of no use for a while.
enum class worker_duty { standing, reserve };

/// Gives the jobs of a queue to a process, one at a time, and has another process ready when that one is lost or is to
/// be replaced. What is to be replaced works on until its successor is ready. Not thread-safe: everything happens on
/// the executor given, which is also the nursery's.
///
/// A reserve has none to begin with, and none again when that was lost, cannot be had or has had no job for long.
///
/// A process that is lost is followed at once if it had taken up a job or lived for a minute, since that does not
/// happen again and again by itself. Every other failure in a row is followed by a longer pause.
class worker_slot {
public:
    using clock = std::chrono::steady_clock;

    /// All but the limits must outlive the slot.
    worker_slot(const boost::asio::any_io_executor& executor, std::size_t number, worker_duty duty,
                worker_nursery& nursery, job_queue& queue, roll_call& roll, worker_limits limits);

    /// Works in `tasks` until those are cancelled. The slot must outlive them; its processes end with it.
    void start(task_group& tasks);

    /// Whether it has no process, and waits for a summons.
    bool is_resting() const { return duty_ == worker_duty::reserve && !present_ && !successor_ && !wants_another_; }

    /// Has a resting slot raise a process. Returns when that is at work, or is not to be had for now. Cancellation:
    /// terminal.
    boost::asio::awaitable<void> summon();

    /// Has a process that is not fresh be followed by one that is, once it has ended its job. Returns nothing when that
    /// is at work, or when there is no process to be replaced; else, why there is no fresh one: the slot goes on with
    /// what it has, and does not try again by itself. One call at a time. Cancellation: terminal.
    boost::asio::awaitable<std::string> renew();

    /// Changes when processes are replaced.
    void limit(worker_limits limits) { limits_ = limits; }

private:
    using job = job_queue::job;
    struct handover;
    using ending = std::optional<restart_reason>; // why a process cannot go on, if it cannot

    /// A reason to end a process that has a job.
    struct flaw {
        restart_reason reason{};
        std::string words; // for the log
    };

    boost::asio::awaitable<void> raise();
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<ending> serve_once();
    boost::asio::awaitable<ending> run_job(std::shared_ptr<job> current);
    bool finish(const std::string& line, handover& given);
    boost::asio::awaitable<void> give_up_when_abandoned(std::shared_ptr<job> current);
    boost::asio::awaitable<flaw> find_flaw();
    boost::asio::awaitable<void> until_followed();

    void want_another();
    void do_without(const worker_nursery::birth& failed);
    bool end_renewal(std::string problem);
    bool is_renewed() const;
    void rest();
    void change_over();
    void lose(restart_reason reason);
    void replace_outdated();
    bool is_worn() const;
    void replace_if_worn();
    std::uint64_t most_resident_bytes() const;

    const boost::asio::any_io_executor executor_;
    const std::size_t number_;
    const worker_duty duty_;
    worker_nursery& nursery_;
    job_queue& queue_;
    roll_call& roll_;
    worker_limits limits_;

    std::unique_ptr<warm_process> present_;    // takes the jobs
    std::unique_ptr<warm_process> successor_;  // ready to do so
    bool wants_another_;                       // a successor is being raised
    int failures_ = 0;                         // in a row
    boost::asio::steady_timer raise_wakener_;  // cancelled when what raise() waits for may be true
    boost::asio::steady_timer serve_wakener_;  // the same for serve()
    boost::asio::steady_timer summon_wakener_; // the same for summon()
    boost::asio::steady_timer renew_wakener_;  // the same for renew()
    bool is_renewing_ = false;                 // in renew()
    std::string renewal_problem_;              // why it comes to nothing
};

} // namespace ttsave::extraction
