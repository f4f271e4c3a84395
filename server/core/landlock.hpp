#pragma once

// Landlock (landlock(7)): which files a process may open, and what it may connect to. By system calls, since there is
// no library and Debian 12's headers know only the first versions of it.

#include "core/unique_fd.hpp"

#include <cstdint>
#include <string>

namespace ttsave {

/// The version of Landlock that the running kernel enforces; 0 for none.
int landlock_version();

/// A set of rules: what none of them allows is refused. Not thread-safe.
class landlock_rules {
public:
    /// From which on it governs TCP.
    static constexpr int network_version = 4;
    /// From which on it governs truncate(2).
    static constexpr int truncation_version = 3;

    /// Rules of everything that the running kernel can enforce; about files only if `governs_files`. Throws
    /// std::system_error if the kernel makes none: it does not have Landlock, or could enforce nothing of this.
    explicit landlock_rules(bool governs_files);

    /// A file, or a folder with all below it. One that cannot be opened is left out, and so refused.
    void allow_reading(const std::string& path);
    /// A program or its loader: reading and executing.
    void allow_executing(const std::string& path);
    /// An open file, which can be opened anew by its path under /proc/self/fd. What has no path (a pipe) needs no rule.
    void allow_writing(int descriptor);
    /// TCP to this port, of any address: that is all the kernel looks at.
    void allow_connecting(std::uint16_t port);

    /// For landlock_restrict_self, which a process calls on itself.
    int get() const { return rules_.get(); }

private:
    void allow(int descriptor, std::uint64_t access);
    void allow(const std::string& path, std::uint64_t access);

    int version_;
    std::uint64_t files_ = 0; // the kinds of access to files that are governed
    unique_fd rules_;
};

} // namespace ttsave
