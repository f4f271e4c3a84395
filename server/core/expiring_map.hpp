#pragma once

// Remembers a bounded number of values for a while.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace ttsave {

/// Every value is forgotten `ttl` after it was put, or earlier when more than `most` would be remembered: the oldest
/// first. A `ttl` of 0 remembers nothing. Not thread-safe.
template <typename Key, typename Value>
class expiring_map {
public:
    using clock = std::chrono::steady_clock;

    expiring_map(clock::duration ttl, std::size_t most) : ttl_(ttl), most_(most) {}

    void put(const Key& key, Value value, clock::time_point now = clock::now())
    {
        forget_old(now);
        if (ttl_ <= clock::duration::zero())
            return;
        values_.insert_or_assign(key, entry{std::move(value), now + ttl_, ++last_number_});
        by_age_.push_back({key, now + ttl_, last_number_});
        while (by_age_.size() > most_)
            forget_oldest();
    }

    std::optional<Value> find(const Key& key, clock::time_point now = clock::now()) const
    {
        const auto found = values_.find(key);
        if (found == values_.end() || found->second.end <= now)
            return std::nullopt;
        return found->second.value;
    }

    std::size_t size() const { return values_.size(); }

private:
    struct entry {
        Value value;
        clock::time_point end;
        std::uint64_t number;
    };
    struct put_once {
        Key key;
        clock::time_point end;
        std::uint64_t number;
    };

    void forget_old(clock::time_point now)
    {
        while (!by_age_.empty() && by_age_.front().end <= now)
            forget_oldest();
    }

    void forget_oldest()
    {
        const put_once oldest = std::move(by_age_.front());
        by_age_.pop_front();
        // A value that has been put again since lives on.
        if (const auto found = values_.find(oldest.key);
            found != values_.end() && found->second.number == oldest.number)
            values_.erase(found);
    }

    const clock::duration ttl_;
    const std::size_t most_;
    std::map<Key, entry> values_;
    std::deque<put_once> by_age_;
    std::uint64_t last_number_ = 0;
};

} // namespace ttsave
