#include "extraction/roll_call.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace ttsave::extraction {

roll_call::roll_call(std::size_t slots, std::size_t reserves, job_queue& queue) : queue_(queue), slots_(slots)
{
    slots_.resize(slots + reserves, {false, true, {}});
}

void roll_call::mark_ready(std::size_t slot)
{
    const std::lock_guard lock(mutex_);
    const bool was_down = nobody_can_work();
    slots_[slot] = {true, false, {}};
    if (closed_ || !was_down)
        return;
    spdlog::info("an extractor can work again");
    queue_.accept();
}

void roll_call::mark_absent(std::size_t slot)
{
    const std::lock_guard lock(mutex_);
    slots_[slot] = {};
}

void roll_call::mark_resting(std::size_t slot)
{
    const std::lock_guard lock(mutex_);
    const bool was_down = nobody_can_work();
    slots_[slot] = {false, true, {}};
    if (!was_down)
        refuse_if_nobody_can_work();
}

void roll_call::mark_unable(std::size_t slot, std::string problem)
{
    const std::lock_guard lock(mutex_);
    const bool was_down = nobody_can_work();
    last_problem_ = problem;
    slots_[slot] = {false, false, std::move(problem)};
    if (!was_down)
        refuse_if_nobody_can_work();
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
    const std::lock_guard lock(mutex_);
    pool_status status;
    status.ready = static_cast<std::size_t>(
        std::count_if(slots_.begin(), slots_.end(), [](const slot_state& slot) { return slot.is_present; }));
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
