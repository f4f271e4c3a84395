#include "access/rate_limiter.hpp"

#include <algorithm>

namespace ttsave::access {

rate_standing rate_limiter::count(const std::string& client, std::uint32_t per_minute, clock::time_point now)
{
    constexpr clock::duration minute = std::chrono::minutes(1);
    const auto of_one = minute / per_minute;
    rate_standing found;
    found.limit = per_minute;
    const std::lock_guard lock(mutex_);
    const auto own = find(client);
    // The generic cell rate algorithm: one instant says how full the bucket is at any other.
    const auto full_at = std::max(own->full_at, now) + of_one;
    found.is_within = full_at - now <= minute;
    if (found.is_within)
        own->full_at = full_at;
    const auto missing = std::max(own->full_at - now, clock::duration::zero());
    found.remaining = static_cast<std::uint32_t>(std::max((minute - missing) / of_one, clock::rep{0}));
    found.until_full = std::chrono::ceil<std::chrono::seconds>(missing);
    found.until_allowed =
        std::chrono::ceil<std::chrono::seconds>(std::max(missing + of_one - minute, clock::duration::zero()));
    return found;
}

/// The client's bucket, which is a full one if it is new.
rate_limiter::buckets::iterator rate_limiter::find(const std::string& client)
{
    if (const auto known = by_client_.find(client); known != by_client_.end()) {
        by_use_.splice(by_use_.begin(), by_use_, known->second);
        return known->second;
    }
    by_use_.push_front({client, clock::time_point::min()});
    by_client_.emplace(client, by_use_.begin());
    if (by_use_.size() > most_) {
        by_client_.erase(by_use_.back().client);
        by_use_.pop_back();
    }
    return by_use_.begin();
}

} // namespace ttsave::access
