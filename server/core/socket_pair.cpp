#include "core/socket_pair.hpp"

#include "core/last_error.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <array>
#include <cstring>

namespace ttsave {

result<socket_pair> make_socket_pair()
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return last_error();
    return socket_pair{unique_fd(ends[0]), unique_fd(ends[1])};
}

error_code send_descriptor(int socket, int descriptor)
{
    char byte = 0;
    iovec text{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(descriptor))> space{};
    msghdr message{};
    message.msg_iov = &text;
    message.msg_iovlen = 1;
    if (descriptor >= 0) {
        message.msg_control = space.data();
        message.msg_controllen = space.size();
        cmsghdr* const rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(descriptor));
        std::memcpy(CMSG_DATA(rights), &descriptor, sizeof(descriptor));
    }
    if (::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return last_error();
    return {};
}

result<unique_fd> receive_descriptor(int socket)
{
    char byte = 0;
    iovec text{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
    msghdr message{};
    message.msg_iov = &text;
    message.msg_iovlen = 1;
    message.msg_control = space.data();
    message.msg_controllen = space.size();
    const auto count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (count < 0)
        return last_error();
    if (count == 0)
        return error_code(boost::asio::error::eof);
    int received = -1;
    if (const auto* const rights = CMSG_FIRSTHDR(&message))
        std::memcpy(&received, CMSG_DATA(rights), sizeof(received));
    return unique_fd(received);
}

} // namespace ttsave
