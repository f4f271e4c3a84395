#pragma once

// What a program run beside the server may do, and the walls around it. Why these:
// docs/decisions/016-a-box-for-children.md.

#include "core/landlock.hpp"

#include <boost/filesystem/path.hpp>

#include <linux/filter.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ttsave {

/// What a program needs besides itself, the system's libraries, and the descriptors that it is given; everything else
/// is refused. It starts no programs.
struct program_needs {
    std::vector<std::string> readable;       ///< absolute paths of files, and of folders with all below them
    bool opens_descriptors_to_write = false; ///< by their paths under /proc/self/fd, those that it is given
    bool uses_sockets = false;               ///< those that it is handed; it connects none itself
};

/// Of what this machine has, which walls there are.
struct confinement_support {
    int landlock = 0;    ///< its version; 0 for none
    bool filter = false; ///< of system calls

    /// What the missing ones leave open, one sentence each, for the log.
    std::vector<std::string> gaps() const;
};

/// Asks the running kernel, once. Thread-safe.
const confinement_support& supported_confinement();

/// Whether a file is a program that the kernel itself can run. Scripts, which need to start others, are not: of the
/// walls there are for them only the lack of privileges, and Landlock's for networks and signals.
bool is_binary(const std::string& program);

/// The walls for one program, whichever are there. Immutable and thread-safe.
class confinement {
public:
    /// Throws what compile_filter does.
    confinement(const std::string& program, program_needs needs);

    confinement(const confinement&) = delete;
    confinement& operator=(const confinement&) = delete;

    /// What is to be executed: this very object, since the filter knows it by its address.
    const boost::filesystem::path& program() const { return program_; }

    /// What a process that is about to be started needs in order to go in. Made before the fork.
    class entrance {
    public:
        /// Between fork and exec, by the process itself: system calls only. Returns false with errno set; the process
        /// must end then.
        bool enter() const noexcept;

    private:
        friend class confinement;
        std::optional<landlock_rules> rules_;
        std::span<const sock_filter> filter_; // the confinement's
    };

    /// `readable`: as in the needs, of this process alone. Throws std::system_error for want of descriptors. The
    /// confinement must outlive the entrance.
    entrance open(std::span<const int> descriptors, std::span<const std::string> readable = {}) const;

private:
    landlock_rules rules(bool governs_files, std::span<const int> descriptors,
                         std::span<const std::string> readable) const;

    const boost::filesystem::path program_;
    const program_needs needs_;
    std::vector<sock_filter> filter_; // empty where there is none
};

} // namespace ttsave
