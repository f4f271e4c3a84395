#pragma once

// The directory in which files grow while they are delivered.

#include "core/budget.hpp"
#include "core/errc.hpp"
#include "core/unique_fd.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace ttsave::store {

/// Makes nameless files below one directory: whatever happens to the server, the kernel frees them with their last
/// descriptor, so that nothing is ever left over. Thread-safe.
class spool {
public:
    /// Makes sure that `directory` exists (mode 0700) and that a file can be written in it. What is wrong is logged
    /// and only fails deliveries, one by one, until it is mended.
    ///
    /// `max_bytes`: how much all files together may grow to, as far as their writers ask `room` for it.
    spool(std::filesystem::path directory, std::uint64_t max_bytes);

    /// A new, empty file open for reading and writing. May block. Errors: storage_failed (the cause is logged).
    result<unique_fd> create() const;

    budget& room() { return room_; }
    const budget& room() const { return room_; }

    /// What the directory's file system has left for this process; nothing when that cannot be told. Does not wait for
    /// a disk, unless the file system is on another machine.
    std::optional<std::uint64_t> available_bytes() const;

private:
    const std::filesystem::path directory_;
    budget room_;
};

} // namespace ttsave::store
