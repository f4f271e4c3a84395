#pragma once

// What a program may try in order to get out of its box (escape_worker.py does it), and what stops it there.

#include <map>
#include <string>

namespace ttsave::escape {

/// What stops an attempt, and what the program sees of that.
inline constexpr const char* filter = "ENOSYS";   // the call is not on the list
inline constexpr const char* landlock = "EACCES"; // no rule allows it
inline constexpr const char* memory = "ENOMEM";   // RLIMIT_AS
inline constexpr const char* opening = "EMFILE";  // RLIMIT_NOFILE
inline constexpr const char* size = "EFBIG";      // RLIMIT_FSIZE
inline constexpr const char* gate = "gate";       // what is connected is the gate, which refuses
inline constexpr const char* nothing = "done";

struct attempt {
    const char* name;
    const char* of_extractor; ///< what stops it
    const char* of_ffmpeg;
    bool is_possible = false; ///< without a box, for any user on any machine
};

inline constexpr attempt attempts[] = {
    {"create", filter, landlock, true},
    {"create_without_a_name", filter, landlock},
    {"overwrite", filter, landlock, true},
    {"overwrite_own_package", filter, landlock, true},
    {"read_cookies", nothing, landlock, true},
    {"read_keys", landlock, landlock, true},
    {"read_shadow", landlock, landlock},
    {"read_server_environment", landlock, landlock, true},
    {"read_server_memory", landlock, landlock},
    {"list_server_descriptors", landlock, landlock, true},
    {"list_folder", landlock, landlock, true},
    {"truncate", filter, filter, true},
    {"make_folder", filter, filter, true},
    {"make_fifo", filter, filter, true},
    {"make_device", filter, filter},
    {"make_symlink", filter, filter, true},
    {"make_link", filter, filter, true},
    {"rename", filter, filter, true},
    {"unlink", filter, filter, true},
    {"chmod", filter, filter, true},
    {"chown", filter, filter, true},
    {"utime", filter, filter, true},
    {"setxattr", filter, filter},
    {"chdir", filter, filter, true},
    {"memory_file", filter, filter, true},
    {"fork", filter, filter, true},
    {"spawn", filter, filter, true},
    {"kill_server", filter, filter, true},
    {"signal_group", filter, filter, true},
    {"signal_by_pidfd", filter, filter, true},
    {"signal_by_descriptor", filter, filter, true},
    {"trace_server", filter, filter},
    {"read_server_limits", filter, filter, true},
    {"raise_own_limits", filter, filter, true},
    {"set_server_priority", filter, filter, true},
    {"set_server_affinity", filter, filter, true},
    {"leave_group", filter, filter},
    {"become_user", filter, filter, true},
    {"new_user_namespace", filter, filter},
    {"new_network", filter, filter},
    {"new_mounts", filter, filter},
    {"enter_namespace", filter, filter},
    {"change_root", filter, filter},
    {"mount", filter, filter},
    {"unmount", filter, filter},
    {"personality", filter, filter, true},
    {"set_clock", filter, filter},
    {"set_host_name", filter, filter},
    {"reboot", filter, filter},
    {"swap", filter, filter},
    {"push_into_terminal", filter, filter},
    {"add_key", filter, filter},
    {"bpf", filter, filter},
    {"init_module", filter, filter},
    {"io_uring_setup", filter, filter},
    {"kcmp", filter, filter},
    {"kexec_load", filter, filter},
    {"keyctl", filter, filter},
    {"move_mount", filter, filter},
    {"open_by_handle_at", filter, filter},
    {"perf_event_open", filter, filter},
    {"pivot_root", filter, filter},
    {"process_vm_readv", filter, filter},
    {"process_vm_writev", filter, filter},
    {"seccomp", filter, filter},
    {"userfaultfd", filter, filter},
    {"connect", gate, filter, true},
    {"connect_anywhere", gate, filter},
    {"connect_twice", gate, filter},
    {"connect_given_socket", gate, filter},
    {"connect_file", "ENOTSOCK", filter},
    {"connect_pipe", "ENOTSOCK", filter},
    {"connect_nothing", "EBADF", filter},
    {"connect_to_path", "ECONNREFUSED", filter},
    {"connect_from_threads", "at-most-16", filter},
    {"connect_again_and_again", gate, filter},
    {"give_descriptor_away", filter, filter, true},
    {"connect_while_sending", filter, filter},
    {"connect_by_mptcp", filter, filter},
    {"connect_by_ipv6", filter, filter},
    {"connect_abstract", filter, filter, true},
    {"udp", filter, filter, true},
    {"raw", filter, filter},
    {"packet", filter, filter},
    {"netlink", filter, filter, true},
    {"vsock", filter, filter},
    {"crypto", filter, filter},
    {"socket_pair", filter, filter, true},
    {"listen", filter, filter, true},
    {"take_memory", memory, memory, true},
    {"take_descriptors", opening, opening, true},
    {"start_thread", nothing, nothing, true},
    {"write_given_file", filter, nothing, true},
    {"write_too_much", size, size, true},
    {"start_shell", filter, filter, true},
};

/// What comes of an extractor's connects where it makes them by itself, if Landlock governs them.
inline const std::map<std::string, std::string> connects_by_itself{
    {"connect_to_gate", gate},
    {"connect_to_that_port_elsewhere", "ECONNREFUSED"}, // nobody listens there: Landlock knows ports only
    {"connect", landlock},
    {"connect_anywhere", landlock},
    {"connect_given_socket", "EINVAL"}, // it is not of the Internet
    {"connect_file", "ENOTSOCK"},
    {"connect_pipe", "ENOTSOCK"},
    {"connect_nothing", "EBADF"},
    {"connect_while_sending", filter},
    {"connect_by_mptcp", filter},
    {"connect_by_ipv6", filter},
    {"connect_abstract", filter},
    {"udp", filter},
    {"listen", filter},
};

} // namespace ttsave::escape
