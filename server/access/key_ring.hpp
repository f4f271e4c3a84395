#pragma once

// The API keys there are.

#include "core/ip_network.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ttsave::access {

using sha256_digest = std::array<unsigned char, 32>;

sha256_digest sha256(std::string_view bytes);

/// A key, without its secret: that is known by its digest alone, however the operator wrote it.
struct api_key {
    std::string name; ///< for logs and limits; unique
    sha256_digest digest{};
    std::optional<std::uint32_t> rate_limit_per_min; ///< 0: none; absent: the server's
    ip_networks allowed_networks;                    ///< of the clients who may use it; empty: everybody
};

/// Immutable, so thread-safe.
class key_ring {
public:
    explicit key_ring(std::vector<api_key> keys) : keys_(std::move(keys)) {}

    /// The key that `secret` opens; null if there is none. Takes the same time whichever it is, and however much of
    /// `secret` is right.
    const api_key* find(std::string_view secret) const;

    std::size_t size() const { return keys_.size(); }

private:
    std::vector<api_key> keys_;
};

} // namespace ttsave::access
