#include "core/syscall_filter.hpp"

#include "core/unique_fd.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <system_error>

namespace ttsave {
namespace {

/// Whatever their arguments are, none of them changes what other processes see, but through descriptors that the
/// program was given or may open.
constexpr const char* harmless[] = {
    // memory
    "brk", "madvise", "membarrier", "mincore", "mlock", "mmap", "mprotect", "mremap", "munlock", "munmap",
    // descriptors and files
    "access", "close", "close_range", "copy_file_range", "dup", "dup2", "dup3", "epoll_create", "epoll_create1",
    "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "faccessat", "faccessat2", "fadvise64", "fallocate",
    "fdatasync", "fstat", "fstatfs", "fsync", "ftruncate", "getcwd", "getdents", "getdents64", "lseek", "lstat",
    "newfstatat", "pipe", "pipe2", "poll", "ppoll", "pread64", "preadv", "pselect6", "pwrite64", "pwritev", "read",
    "readahead", "readlink", "readlinkat", "readv", "select", "sendfile", "stat", "statfs", "statx", "write", "writev",
    // threads, signals of its own, time
    "alarm", "arch_prctl", "clock_getres", "clock_gettime", "clock_nanosleep", "exit", "exit_group", "futex",
    "getitimer", "gettimeofday", "nanosleep", "pause", "restart_syscall", "rseq", "rt_sigaction", "rt_sigpending",
    "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "sched_yield", "set_robust_list",
    "set_tid_address", "setitimer", "sigaltstack", "time", "times", "wait4", "waitid",
    // questions
    "capget", "getcpu", "getegid", "geteuid", "getgid", "getgroups", "getpgid", "getpgrp", "getpid", "getppid",
    "getrandom", "getresgid", "getresuid", "getrlimit", "getrusage", "getsid", "gettid", "getuid",
    "sched_get_priority_max", "sched_get_priority_min", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
    "sysinfo", "uname"};

/// None of them opens a connection but connect(), which is for others to answer or to govern.
constexpr const char* on_sockets[] = {"connect",  "getpeername", "getsockname", "getsockopt",
                                      "recvfrom", "recvmsg",     "shutdown"};

using conditions = std::initializer_list<scmp_arg_cmp>;

scmp_arg_cmp equals(unsigned argument, std::uint64_t value)
{
    return {argument, SCMP_CMP_EQ, value, 0};
}

/// Of the bits of `mask`, exactly those of `value` are set.
scmp_arg_cmp has_bits(unsigned argument, std::uint64_t mask, std::uint64_t value)
{
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

/// What programs set that care about latency, or about peers that are gone without a word.
constexpr std::uint64_t tcp_options[] = {TCP_NODELAY, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT};

class filter_program {
public:
    explicit filter_program(std::uint32_t otherwise) : context_(::seccomp_init(otherwise), ::seccomp_release)
    {
        if (!context_)
            throw std::bad_alloc();
        check(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, by_binary_search));
    }

    /// Allows a call if all conditions hold; allowed more than once, if one of the sets holds. A name that this
    /// architecture does not have is left out.
    void allow(const char* name, conditions all = {})
    {
        const int number = ::seccomp_syscall_resolve_name(name);
        if (number >= 0)
            answer(SCMP_ACT_ALLOW, number, all);
    }

    void answer(std::uint32_t action, int number, conditions all)
    {
        check(::seccomp_rule_add_exact_array(context_.get(), action, number, static_cast<unsigned>(all.size()),
                                             all.begin()));
    }

    std::vector<sock_filter> compile() const
    {
        const unique_fd file(::memfd_create("filter", MFD_CLOEXEC));
        check(file.get() < 0 ? -errno : ::seccomp_export_bpf(context_.get(), file.get()));
        struct stat status = {};
        check(::fstat(file.get(), &status) < 0 ? -errno : 0);
        std::vector<sock_filter> program(static_cast<std::size_t>(status.st_size) / sizeof(sock_filter));
        const auto size = static_cast<ssize_t>(program.size() * sizeof(sock_filter));
        check(::pread(file.get(), program.data(), static_cast<std::size_t>(size), 0) == size ? 0 : -EIO);
        return program;
    }

private:
    static constexpr std::uint32_t by_binary_search = 2;

    static void check(int outcome)
    {
        if (outcome < 0)
            throw std::system_error(-outcome, std::generic_category(), "libseccomp");
    }

    std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
};

void allow_opening(filter_program& list, bool for_writing)
{
    if (for_writing) {
        list.allow("open");
        list.allow("openat");
        return;
    }
    constexpr std::uint64_t mask = O_ACCMODE | O_CREAT | O_TRUNC;
    list.allow("open", {has_bits(1, mask, O_RDONLY)});
    list.allow("openat", {has_bits(2, mask, O_RDONLY)});
}

/// Threads but no processes. clone3 cannot be looked into, and the C library does without it.
void allow_threads(filter_program& list)
{
    constexpr std::uint64_t namespaces =
        CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    list.allow("clone", {has_bits(0, CLONE_THREAD | namespaces, CLONE_THREAD)});
    for (const int option : {PR_GET_NAME, PR_SET_NAME, PR_CAPBSET_READ, PR_SET_VMA})
        list.allow("prctl", {equals(0, static_cast<std::uint64_t>(option))});
    list.allow("prlimit64", {equals(0, 0), equals(2, 0)}); // its own limits, and only to read them
}

/// What the C library and Python do with any descriptor. What pushes characters into a terminal (TIOCSTI) is not among
/// it, nor what has signals sent to another process (F_SETOWN, F_SETSIG).
void allow_descriptor_control(filter_program& list)
{
    for (const int command : {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL})
        list.allow("fcntl", {equals(1, static_cast<std::uint64_t>(command))});
    for (const unsigned long request : {TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX})
        list.allow("ioctl", {equals(1, request)});
}

void allow_sockets(filter_program& list)
{
    // A library makes a socket first and has it connected then: of the one kind that can do nothing unconnected. Others
    // send without (UDP, raw), and this one with MSG_FASTOPEN. No sendmsg, which could give descriptors away.
    for (const std::uint64_t protocol : {std::uint64_t{0}, std::uint64_t{IPPROTO_TCP}}) {
        constexpr std::uint64_t kind = ~std::uint64_t{SOCK_CLOEXEC | SOCK_NONBLOCK} & 0xffffffff;
        list.allow("socket", {equals(0, AF_INET), has_bits(1, kind, SOCK_STREAM), equals(2, protocol)});
    }
    list.allow("sendto", {has_bits(3, MSG_FASTOPEN, 0), equals(4, 0)});
    for (const int option : {SO_KEEPALIVE, SO_RCVBUF, SO_SNDBUF, SO_RCVTIMEO, SO_SNDTIMEO, SO_REUSEADDR})
        list.allow("setsockopt", {equals(1, SOL_SOCKET), equals(2, static_cast<std::uint64_t>(option))});
    for (const auto option : tcp_options)
        list.allow("setsockopt", {equals(1, IPPROTO_TCP), equals(2, option)});
    for (const char* name : on_sockets)
        list.allow(name);
}

} // namespace

std::vector<sock_filter> compile_filter(const call_needs& needs)
{
    filter_program list(SCMP_ACT_ERRNO(ENOSYS));
    for (const char* name : harmless)
        list.allow(name);
    list.allow("execve", {equals(0, reinterpret_cast<std::uintptr_t>(needs.program))});
    allow_opening(list, needs.opens_for_writing);
    allow_threads(list);
    allow_descriptor_control(list);
    if (needs.uses_sockets)
        allow_sockets(list);
    return list.compile();
}

std::vector<sock_filter> compile_connect_filter()
{
    filter_program holder(SCMP_ACT_ALLOW);
    constexpr std::uint64_t length = sizeof(sockaddr_in);
    const scmp_arg_cmp is_other{2, SCMP_CMP_NE, length, 0};
    holder.answer(SCMP_ACT_NOTIFY, SCMP_SYS(connect), {equals(2, length)});
    holder.answer(SCMP_ACT_ERRNO(ECONNREFUSED), SCMP_SYS(connect), {is_other});
    // Python's http.client and others take it for a failure of the connection when they cannot be set.
    for (const auto option : tcp_options)
        holder.answer(SCMP_ACT_ERRNO(0), SCMP_SYS(setsockopt), {equals(1, IPPROTO_TCP), equals(2, option)});
    return holder.compile();
}

bool filters_system_calls()
{
    // 32-bit architectures have calls of their own for half of the list.
    constexpr bool is_listed = sizeof(void*) == 8;
    const std::uint32_t action = SECCOMP_RET_ERRNO;
    return is_listed && ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

} // namespace ttsave
