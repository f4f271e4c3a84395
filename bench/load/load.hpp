#pragma once

// What the load client is to do, and what came of it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::bench {

struct plan {
    std::uint16_t port = 0; ///< on loopback
    std::size_t connections = 1;
    std::vector<std::string> requests;     ///< whole ones
    std::optional<double> seconds;         ///< for how long they are repeated; without, each is sent once
    std::uint64_t payload = 0;             ///< bytes that every response must have
    std::uint64_t payload_before_file = 0; ///< how many of them are in front of the file's first byte
};

struct outcome {
    double seconds = 0;
    std::uint64_t payload = 0;
    std::vector<double> first_byte_us; ///< of each response, from the request on
    std::vector<double> whole_us;
};

/// Keeps all connections busy, with one request at a time each, from one thread. Throws std::exception when a
/// connection fails or a response is not what the plan tells.
outcome run(const plan& wanted);

} // namespace ttsave::bench
