#pragma once

// Work that everybody shares who asks for the same at the same time.

#include "core/errc.hpp"
#include "core/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace ttsave::delivery {

/// What is under way, by key. `Work` tells with `is_joinable` whether one more may share it, and with `is_whole`
/// whether it is to be left to its end even when nobody has a share in it any more.
///
/// Not thread-safe: guarded by its owner's mutex. Shares may be let go of anywhere and at any time.
template <typename Key, typename Work>
class shared_work {
public:
    /// A share in the work; with the last one, the work is cancelled. Must not outlive this object's owner.
    using share = std::shared_ptr<Work>;

    /// A share in what is under way for `key`, or null.
    share find(const Key& key) const
    {
        const auto found = under_way_.find(key);
        auto joined = found == under_way_.end() ? nullptr : found->second.lock();
        return joined && joined->is_joinable() ? joined : nullptr;
    }

    /// Runs `body`, which does the work, on `executor`; later calls of `find` share it. Null after `stop` has begun.
    share start(const boost::asio::any_io_executor& executor, const Key& key, std::shared_ptr<Work> work,
                boost::asio::awaitable<void> body, std::string_view name)
    {
        const auto task = tasks_.spawn(executor, std::move(body), name);
        if (!task)
            return nullptr;
        forget_ended();
        // The weak pointer keeps the deleter, so the deleter must let go of the work by itself.
        const share first(work.get(), [work, task](const Work*) mutable {
            if (!work->is_whole())
                task_group::task::cancel(task);
            work.reset();
        });
        under_way_.insert_or_assign(key, first);
        return first;
    }

    /// Ends everything; `join` waits until it has ended.
    void cancel() { tasks_.cancel(); }
    boost::asio::awaitable<bool> join() { return tasks_.join(); }

    /// How many keys are held in memory: those under way, and not many more.
    std::size_t remembered() const { return under_way_.size(); }

private:
    /// Now and then, so that it costs next to nothing for each start.
    void forget_ended()
    {
        if (under_way_.size() < enough_to_tidy_)
            return;
        std::erase_if(under_way_, [](const auto& entry) { return entry.second.expired(); });
        enough_to_tidy_ = std::max(least_to_tidy, 2 * under_way_.size());
    }

    static constexpr std::size_t least_to_tidy = 64;

    std::map<Key, std::weak_ptr<Work>> under_way_;
    std::size_t enough_to_tidy_ = least_to_tidy;
    task_group tasks_;
};

} // namespace ttsave::delivery
