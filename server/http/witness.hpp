#pragma once

// Sees every answer, to count it.

#include <cstdint>
#include <functional>
#include <string_view>

namespace ttsave::http {

/// An answer that has ended, one way or the other.
struct answered {
    std::string_view route; ///< route::counted_as; empty where none took the request
    unsigned status = 0;    ///< 0: the client left before it was sent any
    std::uint64_t body_bytes = 0;
};

/// Called on the connection's thread; must not block. May be empty.
using witness = std::function<void(const answered&)>;

} // namespace ttsave::http
