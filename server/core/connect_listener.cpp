#include "core/connect_listener.hpp"

#include "core/as_result.hpp"
#include "core/last_error.hpp"
#include "core/syscall_filter.hpp"

#include <boost/asio/error.hpp>

#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace ttsave {

namespace asio = boost::asio;

namespace {

/// A structure as large as the running kernel's idea of it, all zeros; at least as large as ours.
template <typename Structure>
class kernel_structure {
public:
    explicit kernel_structure(std::size_t size)
        : words_((std::max(size, sizeof(Structure)) + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t))
    {
        static_assert(alignof(Structure) <= alignof(std::uint64_t));
    }

    Structure* operator->() { return reinterpret_cast<Structure*>(words_.data()); }
    Structure* get() { return operator->(); }

private:
    std::vector<std::uint64_t> words_;
};

const seccomp_notif_sizes& sizes()
{
    static const seccomp_notif_sizes asked = [] {
        seccomp_notif_sizes found{};
        ::syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &found);
        return found;
    }();
    return asked;
}

/// How the descriptor is open (the flags of open(2)). What is read may be another process's, if the caller has ended
/// and its number is taken again; whatever is done to the call then fails.
result<int> flags_of(const held_connect& call)
{
    const std::string process = "/proc/" + std::to_string(call.thread);
    const std::string number = std::to_string(call.descriptor);
    struct stat status = {};
    if (::stat((process + "/fd/" + number).c_str(), &status) != 0)
        return error_code(errno == ENOENT ? EBADF : errno, boost::system::system_category());
    if (!S_ISSOCK(status.st_mode))
        return error_code(ENOTSOCK, boost::system::system_category());
    std::ifstream file(process + "/fdinfo/" + number);
    std::string name;
    int flags = 0;
    while (file >> name && name != "flags:")
        file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    if (!(file >> std::oct >> flags))
        return error_code(EBADF, boost::system::system_category());
    return flags;
}

int add_descriptor(int listener, const held_connect& call, int source, int flags)
{
    seccomp_notif_addfd addition{};
    addition.id = call.id;
    addition.flags = SECCOMP_ADDFD_FLAG_SETFD;
    addition.srcfd = static_cast<std::uint32_t>(source);
    addition.newfd = static_cast<std::uint32_t>(call.descriptor);
    addition.newfd_flags = static_cast<std::uint32_t>(flags & O_CLOEXEC);
    return ::ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &addition);
}

} // namespace

int hold_connects(std::span<const sock_filter> filter) noexcept
{
    // The kernel only reads the filter. SPEC_ALLOW: see confinement::entrance::enter.
    const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
    return static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                      SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program));
}

bool can_hold_connects()
{
    std::vector<sock_filter> filter;
    try {
        filter = compile_connect_filter();
    } catch (const std::system_error&) {
        return false; // not on this architecture (32-bit x86)
    }
    bool can = false;
    // A filter, and the lack of new privileges, are a thread's own, and gone with it.
    std::thread([&] {
        if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
            return;
        const unique_fd listener(hold_connects(filter));
        const held_connect nobody;
        // Before 5.9 there is no such request (EINVAL); after, no such call.
        can = listener.get() >= 0 && add_descriptor(listener.get(), nobody, listener.get(), 0) < 0 && errno == ENOENT;
    }).join();
    return can;
}

connect_listener::connect_listener(const asio::any_io_executor& executor, unique_fd listener)
    : listener_(executor, listener.release())
{
}

asio::awaitable<result<held_connect>> connect_listener::next()
{
    for (;;) {
        // Also when a call is there already: others on this thread have their turn then.
        const auto [ec] = co_await listener_.async_wait(asio::posix::stream_descriptor::wait_read, as_result);
        if (ec)
            co_return error_code(ec);
        pollfd state{listener_.native_handle(), POLLIN, 0};
        const int ready = ::poll(&state, 1, 0);
        if (ready > 0 && (state.revents & POLLIN) == 0)
            co_return error_code(asio::error::eof);
        if (ready <= 0)
            continue;
        auto call = receive();
        if (call || call.error() != boost::system::errc::no_such_file_or_directory) // the caller is gone again
            co_return call;
    }
}

/// Would wait if there were no call. There is: who ends while waiting still counts, and is not found then.
result<held_connect> connect_listener::receive()
{
    kernel_structure<seccomp_notif> call(sizes().seccomp_notif);
    if (::ioctl(listener_.native_handle(), SECCOMP_IOCTL_NOTIF_RECV, call.get()) != 0)
        return last_error();
    return held_connect{call->id, static_cast<pid_t>(call->pid), static_cast<int>(call->data.args[0])};
}

error_code connect_listener::hand(const held_connect& call, unique_fd connection)
{
    const auto flags = flags_of(call);
    if (!flags)
        return fail(call, flags.error());
    if ((*flags & O_NONBLOCK) != 0)
        ::fcntl(connection.get(), F_SETFL, ::fcntl(connection.get(), F_GETFL) | O_NONBLOCK);
    // In two steps, since the one that there is from 5.14 on (SECCOMP_ADDFD_FLAG_SEND) has the call return the
    // descriptor's number. Is the caller interrupted in between, it calls again and is handed another.
    if (add_descriptor(listener_.native_handle(), call, connection.get(), *flags) < 0)
        return fail(call, last_error());
    return answer(call, 0);
}

/// Returns the reason, or that the caller is gone, which may be the reason.
error_code connect_listener::fail(const held_connect& call, error_code reason)
{
    const auto gone = answer(call, reason.value());
    return gone ? gone : reason;
}

void connect_listener::refuse(const held_connect& call, int error_number)
{
    answer(call, error_number);
}

error_code connect_listener::answer(const held_connect& call, int error_number)
{
    kernel_structure<seccomp_notif_resp> response(sizes().seccomp_notif_resp);
    response->id = call.id;
    response->error = -error_number;
    if (::ioctl(listener_.native_handle(), SECCOMP_IOCTL_NOTIF_SEND, response.get()) != 0)
        return last_error();
    return {};
}

void connect_listener::close()
{
    error_code ignored;
    listener_.close(ignored);
}

} // namespace ttsave
