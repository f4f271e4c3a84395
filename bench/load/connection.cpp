#include "connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace ttsave::bench {

connection::connection(const plan& wanted, outcome& made)
    : plan_(wanted), made_(made), fd_(::socket(AF_INET, SOCK_STREAM, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(plan_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error(errno, std::generic_category(), "connect");
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

connection::~connection()
{
    ::close(fd_);
}

void connection::ask(const std::string& request)
{
    reader_.restart();
    is_asking_ = true;
    has_first_byte_ = false;
    asked_at_ = clock::now();
    if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        throw std::system_error(errno, std::generic_category(), "send");
}

bool connection::read()
{
    while (!reader_.is_done()) {
        const auto got = receive();
        if (got < 0 && errno == EAGAIN)
            return false;
        if (got <= 0)
            throw std::runtime_error("the connection broke off in the middle of a response");
        if (!has_first_byte_ && reader_.payload() > plan_.payload_before_file) {
            has_first_byte_ = true;
            made_.first_byte_us.push_back(since_asked_us());
        }
    }
    if (reader_.payload() != plan_.payload)
        throw std::runtime_error("a response has " + std::to_string(reader_.payload()) + " bytes");
    made_.payload += reader_.payload();
    made_.whole_us.push_back(since_asked_us());
    is_asking_ = false;
    return true;
}

/// Framing is looked at; payload is dropped inside the kernel (MSG_TRUNC, man 7 tcp), which costs the least.
std::int64_t connection::receive()
{
    const auto ahead = reader_.payload_ahead();
    if (ahead > scratch_.size()) {
        constexpr std::uint64_t most = 1U << 30;
        const auto got = ::recv(fd_, nullptr, std::min(ahead, most), MSG_TRUNC | MSG_DONTWAIT);
        if (got > 0)
            reader_.skip(static_cast<std::uint64_t>(got));
        return got;
    }
    const auto got = ::recv(fd_, scratch_.data(), scratch_.size(), MSG_DONTWAIT);
    if (got > 0) {
        const auto size = static_cast<std::size_t>(got);
        if (reader_.feed({scratch_.data(), size}) != size)
            throw std::runtime_error("more has come than was asked for");
    }
    return got;
}

double connection::since_asked_us() const
{
    return std::chrono::duration<double, std::micro>(clock::now() - asked_at_).count();
}

} // namespace ttsave::bench
