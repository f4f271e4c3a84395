#pragma once

// What a process does with the socket that it is handed connections over.

#include "core/unique_fd.hpp"

#include <sys/socket.h>

#include <array>
#include <cstring>
#include <optional>

namespace ttsave::test {

/// Waits for one byte and what was sent with it: nothing when there is none, -1 when it came without a descriptor.
inline std::optional<unique_fd> receive_descriptor(int socket)
{
    char byte = 0;
    iovec text{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
    msghdr message{};
    message.msg_iov = &text;
    message.msg_iovlen = 1;
    message.msg_control = space.data();
    message.msg_controllen = space.size();
    if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1)
        return std::nullopt;
    int received = -1;
    if (const auto* const rights = CMSG_FIRSTHDR(&message))
        std::memcpy(&received, CMSG_DATA(rights), sizeof(received));
    return unique_fd(received);
}

} // namespace ttsave::test
