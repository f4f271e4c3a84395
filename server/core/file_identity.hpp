#pragma once

// Tells whether a path still names the same file.

#include <sys/stat.h>

#include <ctime>
#include <string>
#include <tuple>

namespace ttsave {

/// Which file a path names, links followed; all zeros for none.
struct file_identity {
    dev_t device = 0;
    ino_t number = 0;
    off_t size = 0;
    std::time_t changed_s = 0;
    long changed_ns = 0;

    static file_identity of(const std::string& path)
    {
        struct stat state = {};
        if (::stat(path.c_str(), &state) != 0)
            return {};
        return {state.st_dev, state.st_ino, state.st_size, state.st_mtim.tv_sec, state.st_mtim.tv_nsec};
    }

    /// Whether it is another file, not only the same one written to. Some file systems in user space give a file
    /// another number now and then; that alone does not make it another one.
    bool is_other_than(const file_identity& other) const
    {
        const auto has_moved = std::tie(device, number) != std::tie(other.device, other.number);
        return has_moved &&
               std::tie(size, changed_s, changed_ns) != std::tie(other.size, other.changed_s, other.changed_ns);
    }
};

} // namespace ttsave
