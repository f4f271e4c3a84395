#pragma once

// Keeps warm extractor processes and has them resolve posts, one job at a time each.

#include "core/errc.hpp"
#include "core/task_group.hpp"
#include "egress/gate.hpp"
#include "extraction/block_watch.hpp"
#include "extraction/job_queue.hpp"
#include "extraction/post.hpp"
#include "extraction/resolve_request.hpp"
#include "extraction/roll_call.hpp"
#include "extraction/worker_nursery.hpp"
#include "extraction/worker_renewal.hpp"
#include "extraction/worker_reserve.hpp"
#include "extraction/worker_slot.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace ttsave::extraction {

struct worker_pool_options {
    nursery_options processes;
    worker_limits limits;
    std::size_t workers = 2;      ///< processes that are always there
    std::size_t max_workers = 2;  ///< processes at most, while jobs wait; not less than `workers`
    std::size_t queue_limit = 64; ///< jobs waiting for a process
    job_witness seen{};
};

/// Slots, each with a process that is replaced when it ends or is worn, take jobs from one queue; while jobs have to
/// wait there, reserves help.
///
/// `resolve`, `status` and `blocks` are thread-safe. Everything else runs on the executor given, which must run one
/// handler at a time, on a thread that lives as long as the pool: the kernel ends the processes with it.
class worker_pool {
public:
    using clock = std::chrono::steady_clock;

    /// Starts the processes in the background. `gate` must outlive the pool.
    worker_pool(const boost::asio::any_io_executor& executor, egress::gate& gate, worker_pool_options options);

    /// Resolves a post by the way that was chosen for it, waiting in the queue and for the answer until `deadline` at
    /// most.
    ///
    /// A job whose process dies is tried again as job_queue::return_interrupted says. Errors: the contract's codes of
    /// posts; overloaded when the queue is full; shutting_down. Cancellation (terminal): the job is dropped, its
    /// process lives on.
    boost::asio::awaitable<result<post>> resolve(resolve_request wanted, clock::time_point deadline);

    pool_status status() const { return roll_.status(); }

    /// What TikTok has had to say to the posts that were resolved.
    block_state blocks() const { return blocks_.state(); }

    /// In the background, replaces every process by one that is started as `changed` says, one after the other: each
    /// works until the next one is ready, and ends its job first. Where that does not become ready, the log says so,
    /// and the processes that there are go on. Limits count at once; the numbers of processes do not change. A renewal
    /// that is under way is followed by another one.
    void renew(worker_pool_options changed);

    /// Fails the jobs that wait and those under way, and ends the processes; must be awaited before destruction.
    boost::asio::awaitable<void> stop();

private:
    using slots = std::vector<std::unique_ptr<worker_slot>>;

    static std::size_t reserves_of(const worker_pool_options& options);
    slots make_slots(const boost::asio::any_io_executor& executor, worker_duty duty, std::size_t first,
                     std::size_t count, worker_limits limits);
    std::vector<worker_slot*> all_slots() const;

    job_queue queue_;
    roll_call roll_;
    worker_nursery nursery_;
    slots standing_;
    worker_reserve reserve_;
    worker_renewal renewal_;
    block_watch blocks_;
    task_group tasks_; // the slots'
};

} // namespace ttsave::extraction
