#pragma once

// Bytes as a network delivers them.

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace ttsave::fuzz {

/// `bytes` in pieces of 1, 5, 25... bytes: headers get torn apart, and larger inputs do not take forever.
inline std::vector<std::string_view> torn(std::string_view bytes)
{
    std::vector<std::string_view> pieces;
    for (std::size_t size = 1; !bytes.empty(); size = size * 5 % 1009) {
        pieces.push_back(bytes.substr(0, size));
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
    return pieces;
}

} // namespace ttsave::fuzz
