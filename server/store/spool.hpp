#pragma once

// The directory in which files grow while they are delivered.

#include "core/errc.hpp"
#include "core/unique_fd.hpp"

#include <filesystem>

namespace ttsave::store {

/// Makes nameless files below one directory: whatever happens to the server, the kernel frees them with their last
/// descriptor, so that nothing is ever left over. Thread-safe.
class spool {
public:
    /// Makes sure that `directory` exists (mode 0700) and that a file can be written in it. What is wrong is logged
    /// and only fails deliveries, one by one, until it is mended.
    explicit spool(std::filesystem::path directory);

    /// A new, empty file open for reading and writing. May block. Errors: storage_failed (the cause is logged).
    result<unique_fd> create() const;

private:
    const std::filesystem::path directory_;
};

} // namespace ttsave::store
