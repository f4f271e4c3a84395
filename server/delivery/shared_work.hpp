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
    share find(const Key& key)
    {
        const auto found = under_way_.find(key);
        if (found == under_way_.end())
            return nullptr;
        auto joined = found->second.shared.lock();
        if (!joined)
            joined = revive(found->second);
        return joined && joined->is_joinable() ? joined : nullptr;
    }

    /// Runs `body`, which does the work and holds it until it ends, on `executor`; later calls of `find` share it. Null
    /// after `stop` has begun.
    share start(const boost::asio::any_io_executor& executor, const Key& key, std::shared_ptr<Work> work,
                boost::asio::awaitable<void> body, std::string_view name)
    {
        const auto task = tasks_.spawn(executor, std::move(body), name);
        if (!task)
            return nullptr;
        forget_ended();
        const share first = make_share(work, task);
        under_way_.insert_or_assign(key, entry{first, work, task});
        return first;
    }

    /// Ends everything; `join` waits until it has ended.
    void cancel() { tasks_.cancel(); }
    boost::asio::awaitable<bool> join() { return tasks_.join(); }

    /// How many keys are held in memory: those under way, and not many more.
    std::size_t remembered() const { return under_way_.size(); }

private:
    struct entry {
        std::weak_ptr<Work> shared; // with those who asked
        std::weak_ptr<Work> work;   // with its body, too
        std::weak_ptr<task_group::task> task;
    };

    static share make_share(std::shared_ptr<Work> work, std::shared_ptr<task_group::task> task)
    {
        Work* const shared = work.get();
        // The weak pointer keeps the deleter, so the deleter must let go of the work by itself.
        return share(shared, [work = std::move(work), task = std::move(task)](const Work*) mutable {
            if (!work->is_whole())
                task_group::task::cancel(task);
            work.reset();
            task.reset();
        });
    }

    /// What is left to its end although nobody has a share in it can be shared again.
    static share revive(entry& left)
    {
        auto work = left.work.lock();
        auto task = left.task.lock();
        if (!work || !task || !work->is_whole())
            return nullptr;
        const auto revived = make_share(std::move(work), std::move(task));
        left.shared = revived;
        return revived;
    }

    /// Now and then, so that it costs next to nothing for each start.
    void forget_ended()
    {
        if (under_way_.size() < enough_to_tidy_)
            return;
        std::erase_if(under_way_, [](const auto& known) { return known.second.work.expired(); });
        enough_to_tidy_ = std::max(least_to_tidy, 2 * under_way_.size());
    }

    static constexpr std::size_t least_to_tidy = 64;

    std::map<Key, entry> under_way_;
    std::size_t enough_to_tidy_ = least_to_tidy;
    task_group tasks_;
};

} // namespace ttsave::delivery
