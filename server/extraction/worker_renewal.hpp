#pragma once

// Replaces every process of the pool, one after the other.

#include "core/task_group.hpp"
#include "extraction/roll_call.hpp"
#include "extraction/worker_slot.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string>
#include <vector>

namespace ttsave::extraction {

/// Goes from slot to slot, so that there is one process more at a time than usual, and none less. When a fresh process
/// does not become ready it leaves the other slots alone: what they have works. Not thread-safe: everything happens on
/// the executor given. Why so: docs/decisions/019-renewing.md.
class worker_renewal {
public:
    /// `roll` must outlive the tasks that `start` begins.
    worker_renewal(const boost::asio::any_io_executor& executor, roll_call& roll);

    /// Waits in `tasks` until it is asked, until those are cancelled, and must outlive them. So must the slots.
    void start(task_group& tasks, std::vector<worker_slot*> slots);

    /// Replaces what is not fresh by now. While that is under way already, it is done once more afterwards.
    void ask();

private:
    boost::asio::awaitable<void> renew_when_asked();
    boost::asio::awaitable<std::string> renew_all();

    const boost::asio::any_io_executor executor_;
    roll_call& roll_;
    std::vector<worker_slot*> slots_;
    bool is_wanted_ = false;
    boost::asio::steady_timer wakener_; // cancelled when it is wanted
};

} // namespace ttsave::extraction
