#pragma once

// The part of a file that is kept in memory while it cannot be written to disk.

#include "core/budget.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>

namespace ttsave::delivery {

/// Consecutive blocks of a file, added at the end and forgotten from the beginning. Not thread-safe.
class memory_window {
public:
    using block = std::shared_ptr<const std::string>;

    /// Begins empty at `offset`. What is held counts against `memory`, which must outlive this object.
    memory_window(std::uint64_t offset, budget& memory) : begin_(offset), end_(offset), held_(memory) {}

    /// Adds a block; returns false, and adds nothing, where the budget does not allow it.
    bool append(std::span<const char> bytes)
    {
        if (!held_.resize(held_.bytes() + bytes.size()))
            return false;
        blocks_.push_back(std::make_shared<const std::string>(bytes.data(), bytes.size()));
        end_ += bytes.size();
        return true;
    }

    /// The block that begins at `offset`, one of a block's beginnings within the window.
    block at(std::uint64_t offset) const
    {
        std::uint64_t place = begin_;
        for (const auto& each : blocks_) {
            if (place == offset)
                return each;
            place += each->size();
        }
        return nullptr;
    }

    /// Forgets the blocks that end at `offset` or before.
    void forget_before(std::uint64_t offset)
    {
        while (!blocks_.empty() && begin_ + blocks_.front()->size() <= offset) {
            begin_ += blocks_.front()->size();
            blocks_.pop_front();
        }
        held_.resize(end_ - begin_);
    }

    std::uint64_t begin() const { return begin_; }
    std::uint64_t end() const { return end_; }
    std::uint64_t size() const { return end_ - begin_; }

private:
    std::uint64_t begin_;
    std::uint64_t end_;
    std::deque<block> blocks_;
    budget::share held_;
};

} // namespace ttsave::delivery
