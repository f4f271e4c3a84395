#include "store/entry_index.hpp"

#include <utility>

namespace ttsave::store {

entry_index::entry entry_index::find(const std::string& key)
{
    const auto found = by_key_.find(key);
    if (found == by_key_.end())
        return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return *found->second;
}

entry_index::eviction entry_index::make_room(std::uint64_t bytes)
{
    if (bytes > max_bytes_)
        return {};
    const std::uint64_t needed = bytes_ > max_bytes_ - bytes ? bytes_ - (max_bytes_ - bytes) : 0;
    const auto leaving = oldest(needed);
    if (leaving.bytes < needed)
        return {};
    return {true, remove(leaving)};
}

std::vector<entry_index::entry> entry_index::take_oldest(std::uint64_t bytes)
{
    return remove(oldest(bytes));
}

entry_index::candidates entry_index::oldest(std::uint64_t bytes)
{
    candidates found;
    for (auto place = by_use_.end(); found.bytes < bytes && place != by_use_.begin();) {
        --place;
        if (place->use_count() > 1)
            continue;
        found.bytes += (*place)->about.bytes();
        found.places.push_back(place);
    }
    return found;
}

std::vector<entry_index::entry> entry_index::remove(const candidates& leaving)
{
    std::vector<entry> removed;
    for (const auto place : leaving.places)
        removed.push_back(remove(place));
    return removed;
}

void entry_index::add(entry added)
{
    bytes_ += added->about.bytes();
    by_use_.push_front(std::move(added));
    by_key_.emplace(by_use_.front()->about.key, by_use_.begin());
}

bool entry_index::take(const entry& taken)
{
    const auto found = by_key_.find(taken->about.key);
    if (found == by_key_.end() || *found->second != taken)
        return false;
    remove(found->second);
    return true;
}

std::vector<entry_index::entry> entry_index::take_expired(std::int64_t limit, std::int64_t now)
{
    std::vector<entry> expired;
    for (auto place = by_use_.begin(); place != by_use_.end();) {
        const auto stored_at = (*place)->about.stored_at;
        const auto next = std::next(place);
        if (stored_at <= limit || stored_at > now)
            expired.push_back(remove(place));
        place = next;
    }
    return expired;
}

void entry_index::clear()
{
    by_key_.clear();
    by_use_.clear();
    bytes_ = 0;
}

entry_index::entry entry_index::remove(position place)
{
    entry removed = std::move(*place);
    bytes_ -= removed->about.bytes();
    by_key_.erase(removed->about.key);
    by_use_.erase(place);
    return removed;
}

} // namespace ttsave::store
