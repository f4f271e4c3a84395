#include "extraction/roll_call.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace ttsave::extraction {

roll_call::roll_call(std::size_t slots, std::size_t reserves, job_queue& queue) : queue_(queue), slots_(slots)
{
    slot_state resting;
    resting.is_resting = true;
    slots_.resize(slots + reserves, resting);
}

/// With the mutex held.
void roll_call::change(std::size_t slot, bool is_present, bool is_resting, std::string problem)
{
    slots_[slot] = {is_present, is_resting, std::move(problem), false, slots_[slot].is_starting};
}

void roll_call::mark_ready(std::size_t slot)
{
    const std::lock_guard lock(mutex_);
    const bool was_down = nobody_can_work();
    change(slot, true, false, {});
    if (closed_ || !was_down)
        return;
    spdlog::info("an extractor can work again");
    queue_.accept();
}

void roll_call::mark_absent(std::size_t slot)
{
    const std::lock_guard lock(mutex_);
    change(slot, false, false, {});
}

void roll_call::mark_resting(std::size_t slot)
{
    const std::lock_guard lock(mutex_);
    const bool was_down = nobody_can_work();
    change(slot, false, true, {});
    if (!was_down)
        refuse_if_nobody_can_work();
}

void roll_call::mark_unable(std::size_t slot, std::string problem)
{
    const std::lock_guard lock(mutex_);
    const bool was_down = nobody_can_work();
    last_problem_ = problem;
    change(slot, false, false, std::move(problem));
    if (!was_down)
        refuse_if_nobody_can_work();
}

void roll_call::mark_busy(std::size_t slot, bool is_busy)
{
    const std::lock_guard lock(mutex_);
    slots_[slot].is_busy = is_busy;
}

void roll_call::mark_starting(std::size_t slot, bool is_starting)
{
    const std::lock_guard lock(mutex_);
    slots_[slot].is_starting = is_starting;
}

void roll_call::note_start(const std::string& yt_dlp)
{
    const std::lock_guard lock(mutex_);
    counted_.yt_dlp = yt_dlp;
}

void roll_call::note_no_start()
{
    const std::lock_guard lock(mutex_);
    ++counted_.no_starts;
}

void roll_call::note_restart(restart_reason reason)
{
    const std::lock_guard lock(mutex_);
    ++counted_.restarts[static_cast<std::size_t>(reason)];
}

void roll_call::mark_renewing(bool is_renewing)
{
    const std::lock_guard lock(mutex_);
    counted_.is_renewing = is_renewing;
}

void roll_call::refuse_if_nobody_can_work()
{
    if (closed_ || !nobody_can_work())
        return;
    spdlog::error("no extractor can work: {}: downloads fail with extractor.failed until one can", last_problem_);
    queue_.refuse(errc::extractor_failed);
}

void roll_call::close(errc reason)
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.refuse(reason);
}

pool_status roll_call::status() const
{
    const std::size_t waiting = queue_.waiting();
    const std::lock_guard lock(mutex_);
    pool_status status = counted_;
    status.waiting = waiting;
    for (const auto& slot : slots_) {
        status.busy += slot.is_present && slot.is_busy;
        status.idle += slot.is_present && !slot.is_busy;
        status.starting += slot.is_starting;
    }
    status.ready = status.idle + status.busy;
    if (nobody_can_work())
        status.problem = last_problem_;
    return status;
}

bool roll_call::nobody_can_work() const
{
    return std::none_of(slots_.begin(), slots_.end(),
                        [](const slot_state& slot) { return !slot.is_resting && slot.problem.empty(); });
}

} // namespace ttsave::extraction
