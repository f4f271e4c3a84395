#pragma once

// The posts that wait for an extractor process, and those that are with one.

#include "core/async_condition.hpp"
#include "core/errc.hpp"
#include "extraction/job_witness.hpp"
#include "extraction/post.hpp"
#include "extraction/resolve_request.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace ttsave::extraction {

/// First come, first served; a job that lost its process goes to the front. Thread-safe.
///
/// One side submits posts and awaits what becomes of them. The other takes jobs, one at a time for each process, and
/// ends each with `complete`, `return_untouched` or `return_interrupted`.
class job_queue {
public:
    using clock = std::chrono::steady_clock;

    /// Constant but for what the queue guards.
    class job {
    public:
        job(std::uint64_t number, resolve_request asked, clock::time_point end);

        const std::uint64_t id;
        const post_ref wanted;
        const net::route way;
        const std::string request; ///< its id, for logs
        const clock::time_point deadline;
        const clock::time_point submitted = clock::now();

    private:
        friend class job_queue;
        int tries_ = 0;
        clock::time_point taken_at_; // the last time
        bool killed_fresh_ = false;  // a process that no other job can have spoilt died on it
        bool abandoned_ = false;
        std::optional<result<post>> outcome_;
        async_condition changed_; // outcome_ or abandoned_
    };

    /// `limit`: how many jobs may wait for a process.
    explicit job_queue(std::size_t limit, job_witness seen = {}) : seen_(std::move(seen)), limit_(limit) {}

    /// What has become of `wanted` by `deadline`.
    ///
    /// Errors: what `complete` is given; extractor_failed for a job that processes die on; overloaded when the
    /// queue is full or nobody took the job in time; tiktok_timeout when it was taken; what `refuse` says.
    /// Cancellation (terminal): the job is dropped; whoever works at it learns that through `abandoned`.
    boost::asio::awaitable<result<post>> submit(resolve_request wanted, clock::time_point deadline);

    /// Returns when `take` is likely to find something. Cancellation: terminal.
    boost::asio::awaitable<void> available();

    /// Returns when the job whose turn is next has waited for `patience`: there are too few processes. Cancellation:
    /// terminal.
    boost::asio::awaitable<void> lagging(clock::duration patience);

    /// The next job, or null. It counts as tried once more.
    std::shared_ptr<job> take();

    /// Returns when nobody wants the job's outcome any more. Cancellation: terminal.
    boost::asio::awaitable<void> abandoned(std::shared_ptr<job> taken);

    void complete(job& taken, result<post> outcome);

    /// The job never reached its process: the try does not count.
    void return_untouched(const std::shared_ptr<job>& taken);

    /// The process died on the job, which is tried on another one. When a second one dies it has failed, unless both
    /// had had other jobs before and may have died of those: then a third decides.
    void return_interrupted(const std::shared_ptr<job>& taken, bool process_was_fresh);

    /// How many jobs wait for a process.
    std::size_t waiting() const;

    /// Jobs that wait go on waiting, even if they are more than that.
    void set_limit(std::size_t limit);

    /// Fails what waits now and, until `accept`, whatever is submitted or returned.
    void refuse(errc reason);
    void accept();

private:
    void drop(const std::shared_ptr<job>& unwanted);
    void finish(job& ended, result<post> outcome);
    void requeue(const std::shared_ptr<job>& taken);

    const job_witness seen_;
    mutable std::mutex mutex_; // guards what follows, and the state of every job
    std::size_t limit_;
    async_condition queued_;
    std::deque<std::shared_ptr<job>> waiting_;
    std::optional<errc> refusal_;
    std::uint64_t last_id_ = 0;
};

} // namespace ttsave::extraction
