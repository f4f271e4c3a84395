#pragma once

// Which of the pool's slots can work, and why the others cannot.

#include "extraction/job_queue.hpp"
#include "extraction/pool_status.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace ttsave::extraction {

/// While no slot can work, it has the queue refuse jobs with extractor_failed: they fail at once instead of at their
/// deadlines. Thread-safe.
class roll_call {
public:
    /// `queue` must outlive it. The first `slots` are about to have a process, `reserves` more are resting.
    roll_call(std::size_t slots, std::size_t reserves, job_queue& queue);

    /// The slot has a process that is ready for jobs.
    void mark_ready(std::size_t slot);
    /// It has none, and is about to have one.
    void mark_absent(std::size_t slot);
    /// It has none, and cannot get one to work.
    void mark_unable(std::size_t slot, std::string problem);

    /// It has none, and is not about to have one.
    void mark_resting(std::size_t slot);

    /// Its process is at a job, or no longer. Only after `mark_ready`.
    void mark_busy(std::size_t slot, bool is_busy);

    /// A process is being started for it, the one that it has notwithstanding, or no longer.
    void mark_starting(std::size_t slot, bool is_starting);

    /// A process has become ready, with that version of yt-dlp; or has not.
    void note_start(const std::string& yt_dlp);
    void note_no_start();

    void note_restart(restart_reason reason);
    void mark_renewing(bool is_renewing);

    /// The queue is refused for good, with `reason`.
    void close(errc reason);

    pool_status status() const;

private:
    struct slot_state {
        bool is_present = false;
        bool is_resting = false;
        std::string problem{};
        bool is_busy = false;
        bool is_starting = false;
    };

    void change(std::size_t slot, bool is_present, bool is_resting, std::string problem);
    bool nobody_can_work() const;
    void refuse_if_nobody_can_work();

    job_queue& queue_;
    mutable std::mutex mutex_; // guards what follows, and is held while the queue is told
    std::vector<slot_state> slots_;
    std::string last_problem_;
    bool closed_ = false;
    pool_status counted_; // what is not about single slots
};

} // namespace ttsave::extraction
