#pragma once

// The directory in which files grow while they are delivered.

#include "core/errc.hpp"

#include <filesystem>

namespace ttsave::store {

/// An open file descriptor; closed with its owner. Movable.
class unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int fd) : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept;
    unique_fd& operator=(unique_fd&& other) noexcept;
    ~unique_fd();

    int get() const { return fd_; }

private:
    int fd_ = -1;
};

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
