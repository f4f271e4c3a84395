#pragma once

// The end of a notification socket at which systemd sits.

#include "core/unique_fd.hpp"
#include "running.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>

namespace ttsave::test {

class notify_socket {
public:
    /// `name`: a path, or @ and an abstract name, which vanishes by itself.
    explicit notify_socket(const std::string& name) : name_(name), socket_(::socket(AF_UNIX, SOCK_DGRAM, 0))
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.data(), name.size());
        if (name.front() == '@')
            address.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0)
            throw std::system_error(errno, std::generic_category(), name);
    }

    const std::string& name() const { return name_; }

    /// The next message, or nothing if none comes within `time`.
    std::optional<std::string> receive(std::chrono::milliseconds time = patience) const
    {
        pollfd waited{socket_.get(), POLLIN, 0};
        if (::poll(&waited, 1, static_cast<int>(time.count())) <= 0)
            return std::nullopt;
        std::array<char, 4096> space;
        const auto size = ::recv(socket_.get(), space.data(), space.size(), 0);
        return std::string(space.data(), static_cast<std::size_t>(size));
    }

private:
    const std::string name_;
    const unique_fd socket_;
};

} // namespace ttsave::test
