#pragma once

// A number of bytes that many may use together.

#include <atomic>
#include <cstdint>
#include <utility>

namespace ttsave {

/// Thread-safe. Must outlive its shares.
class budget {
public:
    explicit budget(std::uint64_t limit) : limit_(limit) {}
    budget(const budget&) = delete;
    budget& operator=(const budget&) = delete;

    std::uint64_t used() const { return used_; }

    /// What is used already stays so, even if it is more than that.
    void set_limit(std::uint64_t limit) { limit_ = limit; }

    /// What one user has of it; given back with the share. Movable, not thread-safe.
    class share {
    public:
        share() = default;
        explicit share(budget& owner) : owner_(&owner) {}
        share(share&& other) noexcept
            : owner_(std::exchange(other.owner_, nullptr)), bytes_(std::exchange(other.bytes_, 0))
        {
        }
        share& operator=(share&& other) noexcept
        {
            std::swap(owner_, other.owner_);
            std::swap(bytes_, other.bytes_);
            return *this;
        }
        ~share() { resize(0); }

        /// Makes the share `bytes` in all. Growing fails, and changes nothing, where the budget does not allow it.
        bool resize(std::uint64_t bytes);

        std::uint64_t bytes() const { return bytes_; }

    private:
        budget* owner_ = nullptr;
        std::uint64_t bytes_ = 0;
    };

private:
    bool take(std::uint64_t bytes);

    std::atomic<std::uint64_t> limit_;
    std::atomic<std::uint64_t> used_ = 0;
};

} // namespace ttsave
