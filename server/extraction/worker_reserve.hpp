#pragma once

// Brings in more processes while posts wait for one.

#include "core/task_group.hpp"
#include "extraction/job_queue.hpp"
#include "extraction/worker_slot.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <vector>

namespace ttsave::extraction {

/// Slots that rest until jobs lag behind, and are summoned one by one: each start costs what twenty jobs do, so the
/// next one has to be needed although the last one is at work. Not thread-safe: everything happens on the executor
/// given.
class worker_reserve {
public:
    /// `slots` are reserves. The queue must outlive the tasks that `start` begins.
    worker_reserve(const boost::asio::any_io_executor& executor, job_queue& queue,
                   std::vector<std::unique_ptr<worker_slot>> slots);

    /// Works in `tasks` until those are cancelled, and must outlive them.
    void start(task_group& tasks);

    const std::vector<std::unique_ptr<worker_slot>>& slots() const { return slots_; }

    /// Ends the slots' processes, once the tasks have ended.
    void clear() { slots_.clear(); }

private:
    boost::asio::awaitable<void> reinforce();
    worker_slot* find_resting();

    const boost::asio::any_io_executor executor_;
    job_queue& queue_;
    std::vector<std::unique_ptr<worker_slot>> slots_;
};

} // namespace ttsave::extraction
