#pragma once

// What is to be run beside the server.

#include "core/confinement.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ttsave {

/// How much of something a process may take (setrlimit(2)); nothing for no other limit than ours.
struct resource_limits {
    std::optional<std::uint64_t> memory_bytes; ///< of address space
    std::optional<std::uint64_t> file_bytes;   ///< of each file that it writes
    std::optional<std::chrono::seconds> cpu;   ///< of processor time
    std::optional<std::uint64_t> descriptors;  ///< the number below which all that it opens get theirs
    /// Of processes and threads that its user has, ours among them. Linux does not count those of root.
    std::optional<std::uint64_t> threads;
};

/// What to run.
struct child_command {
    std::string executable; ///< an absolute path; the box's program, if there is a box
    std::vector<std::string> arguments;
    std::vector<std::string> environment; ///< "NAME=value": all the process gets to see
    std::vector<int> descriptors{};       ///< of ours, which it has open under the same numbers; not owned
    resource_limits limits{};
    std::shared_ptr<const confinement> box{}; ///< nothing: it may do what we may, but dump no core
    std::vector<std::string> readable{};      ///< absolute paths that it may read besides what its box says
};

} // namespace ttsave
