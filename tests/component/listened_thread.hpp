#pragma once

// A thread that connects as a process in a box does: its calls of connect() are answered elsewhere.

#include "core/connect_listener.hpp"
#include "core/syscall_filter.hpp"
#include "core/unique_fd.hpp"
#include "running.hpp"

#include <boost/asio/packaged_task.hpp>
#include <boost/asio/post.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <future>
#include <optional>
#include <type_traits>
#include <utility>

namespace ttsave::test {

/// The port that libraries are given for a gate that listens nowhere.
constexpr std::uint16_t nowhere = 1;

/// Has a descriptor connected to the address that libraries are given for the gate. Returns 0 or the error's number.
inline int connect_to_gate(int descriptor, socklen_t length = sizeof(sockaddr_in), std::uint16_t port = nowhere)
{
    sockaddr_storage address{};
    auto& shorter = reinterpret_cast<sockaddr_in&>(address);
    shorter.sin_family = AF_INET;
    shorter.sin_port = ::htons(port);
    shorter.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    return ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), length) == 0 ? 0 : errno;
}

/// A socket as a library makes it.
inline unique_fd new_socket(int flags = SOCK_CLOEXEC)
{
    return unique_fd(::socket(AF_INET, SOCK_STREAM | flags, IPPROTO_TCP));
}

/// One that is connected as above; none when that fails.
inline unique_fd connected_socket(std::uint16_t port = nowhere)
{
    auto made = new_socket();
    return connect_to_gate(made.get(), sizeof(sockaddr_in), port) == 0 ? std::move(made) : unique_fd();
}

class listened_thread {
public:
    listened_thread()
    {
        listener_ = unique_fd(run([] {
            ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            return hold_connects(compile_connect_filter());
        }));
    }

    /// Where its calls arrive; once.
    unique_fd take_connects() { return std::move(listener_); }

    /// Runs `function` there, and waits for it to the end.
    template <typename Function>
    std::invoke_result_t<Function> run(Function function)
    {
        return start(std::move(function)).get();
    }

    template <typename Function>
    std::future<std::invoke_result_t<Function>> start(Function function)
    {
        std::packaged_task<std::invoke_result_t<Function>()> task(std::move(function));
        return boost::asio::post(context_.get(), std::move(task));
    }

private:
    running_context context_;
    unique_fd listener_;
};

} // namespace ttsave::test
