#pragma once

// Keeps two servers from using one directory at the same time.

#include "core/errc.hpp"
#include "core/unique_fd.hpp"

#include <filesystem>

namespace ttsave::store {

/// Holds `directory`/lock; gone with this object, or with the process however it ends. The file itself stays.
class directory_lock {
public:
    /// Errors: resource_unavailable_try_again when another process holds it; those of open(2).
    static result<directory_lock> acquire(const std::filesystem::path& directory);

    /// Whether the file is still what others would find: somebody may have removed or replaced the directory.
    bool is_in_place() const;

private:
    directory_lock(unique_fd file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}

    unique_fd file_;
    std::filesystem::path path_;
};

} // namespace ttsave::store
