#pragma once

// Whole reads and writes of regular files at given places. May block for as long as the disk does. Thread-safe.

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ttsave {

/// Writes all of `bytes` at `offset`. Errors: those of pwrite(2).
boost::system::error_code write_at(int descriptor, std::uint64_t offset, std::span<const char> bytes);

/// Up to `size` bytes from `offset` on; fewer where the file ends or cannot be read.
std::string read_at(int descriptor, std::uint64_t offset, std::size_t size);

/// The file's size in bytes; 0 when it cannot be told.
std::uint64_t size_of(int descriptor);

} // namespace ttsave
