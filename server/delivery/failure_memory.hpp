#pragma once

// Remembers for a while that something cannot be had, so that asking again costs nothing.

#include "core/errc.hpp"
#include "core/expiring_map.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace ttsave::delivery {

/// Not thread-safe.
class failure_memory {
public:
    /// `ttl` 0: remembers nothing.
    explicit failure_memory(std::chrono::seconds ttl);

    /// Remembers failures that are the post's own (private, removed, too large...), and the same for whoever asks next.
    /// What was our fault, or TikTok's, is worth another try at once.
    void remember(const std::string& key, const error_code& failure);

    std::optional<error_code> find(const std::string& key) const { return failures_.find(key); }

private:
    expiring_map<std::string, error_code> failures_;
};

} // namespace ttsave::delivery
