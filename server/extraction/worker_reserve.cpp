#include "extraction/worker_reserve.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

/// How long a job may wait for a process until there are too few of them.
constexpr std::chrono::milliseconds longest_wait{50};

/// When to look again whether one of those that are at work is resting by now.
constexpr std::chrono::seconds between_looks{1};

} // namespace

worker_reserve::worker_reserve(const asio::any_io_executor& executor, job_queue& queue,
                               std::vector<std::unique_ptr<worker_slot>> slots)
    : executor_(executor), queue_(queue), slots_(std::move(slots))
{
}

void worker_reserve::start(task_group& tasks)
{
    if (slots_.empty())
        return;
    for (const auto& slot : slots_)
        slot->start(tasks);
    tasks.spawn(executor_, reinforce(), "extractor reserve");
}

asio::awaitable<void> worker_reserve::reinforce()
{
    asio::steady_timer pause(executor_);
    for (;;) {
        co_await queue_.lagging(longest_wait);
        if (auto* const resting = find_resting()) {
            co_await resting->summon();
        } else {
            pause.expires_after(between_looks);
            co_await pause.async_wait(asio::use_awaitable);
        }
    }
}

worker_slot* worker_reserve::find_resting()
{
    const auto found = std::find_if(slots_.begin(), slots_.end(), [](const auto& slot) { return slot->is_resting(); });
    return found == slots_.end() ? nullptr : found->get();
}

} // namespace ttsave::extraction
