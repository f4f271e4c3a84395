#include "core/launch.hpp"

#include "core/last_error.hpp"
#include "core/unique_fd.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace ttsave {
namespace {

constexpr int first_after_standard = 3;

/// Pointers to the texts, as execve(2) takes them: they must outlive it.
std::vector<char*> pointers(const std::vector<std::string>& texts)
{
    std::vector<char*> made;
    for (const auto& text : texts)
        made.push_back(const_cast<char*>(text.c_str())); // which execve only reads
    made.push_back(nullptr);
    return made;
}

/// `most`, or what we have ourselves, if that is less.
void limit(decltype(RLIMIT_AS) resource, std::optional<rlim_t> most)
{
    rlimit ours{};
    if (!most || ::getrlimit(resource, &ours) != 0)
        return;
    const rlimit both{std::min(*most, ours.rlim_cur), std::min(*most, ours.rlim_max)};
    ::setrlimit(resource, &both);
}

void apply(const resource_limits& limits)
{
    limit(RLIMIT_AS, limits.memory_bytes);
    limit(RLIMIT_FSIZE, limits.file_bytes);
    if (limits.cpu)
        limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu->count()));
    limit(RLIMIT_NOFILE, limits.descriptors);
    limit(RLIMIT_NPROC, limits.threads);
    // Too small for a file, and the value at which the kernel starts no program for the core either, which at 0 it does
    // (fs/coredump.c).
    constexpr rlimit no_core{1, 1};
    ::setrlimit(RLIMIT_CORE, &no_core);
}

/// The child, from fork to exec. Made before the fork, so that the child need not allocate anything.
class embryo {
public:
    embryo(const child_command& command, const confinement::entrance* box, standard_streams streams)
        : command_(command), box_(box), streams_(streams), names_{command.executable}
    {
        names_.insert(names_.end(), command.arguments.begin(), command.arguments.end());
        arguments_ = pointers(names_);
        environment_ = pointers(command.environment);
    }

    embryo(const embryo&) = delete;
    embryo& operator=(const embryo&) = delete;

    /// Executes the program; returns if that fails, with the reason in errno.
    void become_program() const noexcept
    {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent_)
            ::_exit(1); // the parent died before the line above could count
        if (!arrange_descriptors() || (box_ && !box_->give_up()))
            return;
        have_usual_signals(); // before memory is limited: ThreadSanitizer keeps a note of some of these calls
        apply(command_.limits);
        if (box_ && !box_->enter())
            return;
        // A box knows its program by the address of its name.
        const char* const program = box_ ? command_.box->program().c_str() : command_.executable.c_str();
        ::execve(program, arguments_.data(), environment_.data());
    }

private:
    /// The standard streams in their places, and nothing else open for the program but what it was given.
    bool arrange_descriptors() const noexcept
    {
        int moved[] = {streams_.input, streams_.output, streams_.error};
        for (int& stream : moved) // where they are in each other's places
            if ((stream = ::fcntl(stream, F_DUPFD_CLOEXEC, first_after_standard)) < 0)
                return false;
        for (int place = 0; place < first_after_standard; ++place)
            if (::dup2(moved[place], place) < 0)
                return false;
        // Sockets that Asio accepted, and whatever a library opened, are none of the child's business.
        if (::close_range(first_after_standard, ~0U, CLOSE_RANGE_CLOEXEC) != 0) // a kernel before 5.11
            for (int fd = first_after_standard; fd < table_size_; ++fd)
                ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        for (const int fd : command_.descriptors)
            if (::fcntl(fd, F_SETFD, 0) != 0)
                return false;
        return true;
    }

    /// Neither blocked nor ignored, as some of ours are, which exec would leave so.
    static void have_usual_signals() noexcept
    {
        for (int number = 1; number < NSIG; ++number)
            ::signal(number, SIG_DFL); // fails for SIGKILL, SIGSTOP, and those that the C library keeps to itself
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
    }

    const child_command& command_;
    const confinement::entrance* const box_;
    const standard_streams streams_;
    std::vector<std::string> names_;
    std::vector<char*> arguments_;
    std::vector<char*> environment_;
    const pid_t parent_ = ::getpid();
    const int table_size_ = ::getdtablesize();
};

/// While there is one, the calling thread takes no signals: a handler of ours that ran in the child would write what it
/// has to say to our own event loop.
class without_signals {
public:
    without_signals()
    {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~without_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    without_signals(const without_signals&) = delete;
    without_signals& operator=(const without_signals&) = delete;

private:
    sigset_t before_;
};

/// What the child had to say before its end of the pipe was closed: why there is no program, or nothing.
int reason_of_failure(int pipe)
{
    int reason = 0;
    while (::read(pipe, &reason, sizeof reason) < 0 && errno == EINTR) {
    }
    return reason;
}

} // namespace

result<pid_t> launch(const child_command& command, const confinement::entrance* box, standard_streams streams)
{
    const embryo child(command, box, streams);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return last_error();
    const unique_fd ours(ends[0]);
    unique_fd theirs(::fcntl(ends[1], F_DUPFD_CLOEXEC, first_after_standard)); // out of the streams' way
    ::close(ends[1]);
    if (theirs.get() < 0)
        return last_error();

    pid_t pid = -1;
    {
        const without_signals quiet;
        pid = ::fork();
        if (pid == 0) {
            child.become_program();
            const int reason = errno;
            [[maybe_unused]] const auto told = ::write(theirs.get(), &reason, sizeof reason);
            ::_exit(127); // as a shell says it
        }
    }
    if (pid < 0)
        return last_error();
    ::setpgid(pid, pid); // both sides do it, so that it holds whoever runs first
    theirs = unique_fd();
    const int reason = reason_of_failure(ours.get());
    if (reason == 0)
        return pid;
    ::waitpid(pid, nullptr, 0); // at its end already
    return error_code(reason, boost::system::system_category());
}

} // namespace ttsave
