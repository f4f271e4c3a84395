#pragma once

// Where the readers of one file are. Plain values.

#include <algorithm>
#include <cstdint>
#include <list>
#include <optional>

namespace ttsave::delivery {

/// Not thread-safe.
class reader_places {
public:
    struct place {
        std::uint64_t offset = 0;
        bool is_cut_off = false; ///< it gets nothing more, and counts no longer
    };
    using handle = std::list<place>::iterator;

    /// A reader at the beginning; the handle is valid until it is removed.
    handle add() { return places_.emplace(places_.end()); }
    void remove(handle gone) { places_.erase(gone); }

    bool empty() const { return places_.empty(); }
    std::size_t size() const { return places_.size(); }

    /// The place that all have reached; none without readers.
    std::optional<std::uint64_t> slowest() const
    {
        std::optional<std::uint64_t> least;
        for (const auto& each : places_)
            if (!each.is_cut_off)
                least = std::min(least.value_or(each.offset), each.offset);
        return least;
    }

    bool has_anybody_at(std::uint64_t offset) const
    {
        return std::any_of(places_.begin(), places_.end(),
                           [offset](const place& each) { return !each.is_cut_off && each.offset == offset; });
    }

    void cut_off_those_at(std::uint64_t offset)
    {
        for (auto& each : places_)
            each.is_cut_off = each.is_cut_off || each.offset == offset;
    }

private:
    std::list<place> places_;
};

} // namespace ttsave::delivery
