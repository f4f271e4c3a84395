#pragma once

// What a client may take of this server before it is turned away. Plain values.

#include "core/ip_network.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ttsave::http {

struct limits {
    std::size_t clients = 1000;             ///< connections at a time; more get a place or a 503 (client_places)...
    std::size_t refused = 64;               ///< ...as long as no more than these are getting theirs
    std::uint32_t header_bytes = 16 * 1024; ///< request line and headers; more is a 414 or a 431
    std::uint64_t body_bytes = 64 * 1024;   ///< a body that is kept; more is a 413
    /// what clients who keep up may hold unsent in the kernel, all together, beyond what everybody may
    std::uint64_t headroom_bytes = 16 * 1024 * 1024;
    ip_networks trusted_proxies{};   ///< whose X-Forwarded-For is believed
    std::chrono::seconds idle{60};   ///< between requests of one connection
    std::chrono::seconds header{10}; ///< from a request's first byte to its last header
    std::chrono::seconds body{5};    ///< for the whole body
    /// for taking half of what is unsent: a connection with much to send becomes writable no earlier
    std::chrono::seconds write{30};
    std::chrono::seconds linger{2}; ///< reading what a refused client still sends, so that it sees the answer
};

} // namespace ttsave::http
