#pragma once

// What a program run beside the server may do, and the walls around it. Why these:
// docs/decisions/016-a-box-for-children.md.

#include "core/landlock.hpp"
#include "core/socket_pair.hpp"

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
    bool uses_sockets = false;               ///< whose connect() is answered for it (core/connect_listener)
    std::optional<std::uint16_t> port{};     ///< or which it connects by itself, to this port over TCP
};

/// Of what this machine has, which walls there are.
struct confinement_support {
    int landlock = 0;      ///< its version; 0 for none
    bool filter = false;   ///< of system calls
    bool connects = false; ///< can be answered by us (can_hold_connects)

    /// What the missing ones leave open, one sentence each, for the log.
    std::vector<std::string> gaps() const;
};

/// Asks the running kernel, once. Thread-safe.
const confinement_support& supported_confinement();

/// Whether a file is a program that the kernel itself can run. Scripts, which need to start others, are not: of the
/// walls there are for them only the lack of privileges, Landlock's for networks and signals, and that their calls of
/// connect() are answered by us, where they are for others.
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
    ///
    /// The two steps are the process's own, between fork and exec: system calls only. They return false with errno set;
    /// the process must end then.
    class entrance {
    public:
        /// Gives up privileges, and connect() into our hands; before there is a limit to descriptors, of which it needs
        /// one more than we have.
        bool give_up() const noexcept;
        bool enter() const noexcept;

        /// Ours, once the process is there: for a connect_listener. None for a program whose connects are not answered.
        unique_fd take_connects();

    private:
        friend class confinement;
        std::optional<landlock_rules> rules_;
        std::span<const sock_filter> filter_;         // the confinement's
        std::span<const sock_filter> connect_filter_; // the confinement's
        socket_pair connects_;                        // from `theirs` we are sent the descriptor of them
    };

    /// `readable`: as in the needs, of this process alone. Throws std::system_error for want of descriptors, or where
    /// the program needs what the machine cannot do: to have its connects answered (not_supported). The confinement
    /// must outlive the entrance.
    entrance open(std::span<const int> descriptors, std::span<const std::string> readable = {}) const;

private:
    bool has_connects_answered() const { return needs_.uses_sockets && !needs_.port; }
    socket_pair way_for_connects() const;
    landlock_rules rules(bool governs_files, std::span<const int> descriptors,
                         std::span<const std::string> readable) const;

    const boost::filesystem::path program_;
    const program_needs needs_;
    std::vector<sock_filter> filter_;         // empty where there is none
    std::vector<sock_filter> connect_filter_; // likewise
};

} // namespace ttsave
