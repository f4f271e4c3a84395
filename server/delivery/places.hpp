#pragma once

// A bounded number of posts and links at a time.

#include <atomic>
#include <cstddef>
#include <memory>

namespace ttsave::delivery {

/// Thread-safe; must outlive what it gives.
class places {
public:
    explicit places(std::size_t most) : most_(most) {}

    /// A place, given back with the last copy of the pointer; null when all are taken.
    std::shared_ptr<void> take()
    {
        if (++taken_ > most_) {
            --taken_;
            return nullptr;
        }
        return {&taken_, [](std::atomic<std::size_t>* taken) { --*taken; }};
    }

    std::size_t taken() const { return taken_; }

    /// Places that are taken stay so, even if they are more than that.
    void set_most(std::size_t most) { most_ = most; }

private:
    std::atomic<std::size_t> most_;
    std::atomic<std::size_t> taken_ = 0;
};

} // namespace ttsave::delivery
