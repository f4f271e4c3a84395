#pragma once

// Keeps warm extractor processes and has them resolve posts, one job at a time each.

#include "core/errc.hpp"
#include "core/task_group.hpp"
#include "extraction/egress_gate.hpp"
#include "extraction/job_queue.hpp"
#include "extraction/post.hpp"
#include "extraction/post_url.hpp"
#include "extraction/worker_process.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace ttsave::extraction {

struct worker_pool_options {
    child_command command;
    std::string cookies_file;
    std::size_t workers = 2;
    std::size_t queue_limit = 64;                    ///< jobs waiting for a process
    std::chrono::milliseconds start_timeout{30'000}; ///< from exec to the ready event
    std::chrono::milliseconds stop_grace{2'000};     ///< from SIGTERM to SIGKILL
};

/// A fixed number of slots, each with a process that is restarted when it ends, takes jobs from one queue.
///
/// `resolve` is thread-safe. Everything else runs on the executor given, which must run one handler at a time, on a
/// thread that lives as long as the pool: the kernel ends the processes with it.
class worker_pool {
public:
    using clock = std::chrono::steady_clock;

    /// Starts the processes in the background. `gate` must outlive the pool.
    worker_pool(const boost::asio::any_io_executor& executor, egress_gate& gate, worker_pool_options options);

    /// Resolves `post`, waiting in the queue and for the answer until `deadline` at most.
    ///
    /// A job whose process dies is tried once more on another one. Errors: the contract's codes of posts; overloaded
    /// when the queue is full; shutting_down. Cancellation (terminal): the job is dropped, its process lives on.
    boost::asio::awaitable<result<post>> resolve(post_ref wanted, clock::time_point deadline);

    /// How many processes are ready for jobs or at one.
    std::size_t ready() const { return ready_; }

    /// Fails the jobs that wait and those under way, and ends the processes; must be awaited before destruction.
    boost::asio::awaitable<void> stop();

private:
    using job = job_queue::job;
    struct slot;

    boost::asio::awaitable<void> run_slot(std::size_t number);
    boost::asio::awaitable<bool> run_process(slot& own);
    boost::asio::awaitable<bool> make_ready(slot& own);
    boost::asio::awaitable<void> serve_jobs(slot& own);
    boost::asio::awaitable<bool> run_job(slot& own, const std::shared_ptr<job>& current);
    boost::asio::awaitable<void> give_up_when_abandoned(slot& own, std::shared_ptr<job> current);
    boost::asio::awaitable<void> copy_log(std::shared_ptr<worker_process> process, std::size_t number);
    boost::asio::awaitable<void> reap(std::shared_ptr<worker_process> process, std::size_t number);
    void set_unusable(slot& own, bool unusable);

    const boost::asio::any_io_executor executor_;
    egress_gate& gate_;
    const worker_pool_options options_;

    job_queue queue_;
    std::atomic<std::size_t> ready_ = 0;
    std::size_t unusable_ = 0; // slots whose process cannot work
    bool stopping_ = false;

    task_group tasks_;   // the slots
    task_group reapers_; // what must end by itself: processes being stopped, and their last words
};

} // namespace ttsave::extraction
