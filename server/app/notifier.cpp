#include "app/notifier.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <sys/time.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace ttsave::app {
namespace {

constexpr timeval longest_send{1, 0};

std::string error_text()
{
    return std::generic_category().message(errno);
}

} // namespace

notifier::notifier(const std::string& socket_name)
{
    if (socket_name.empty())
        return;
    const bool is_abstract = socket_name.front() == '@';
    if ((!is_abstract && socket_name.front() != '/') || socket_name.size() >= sizeof address_.sun_path) {
        spdlog::warn("NOTIFY_SOCKET is of no kind that is known here: the service manager is told nothing");
        return;
    }
    socket_ = unique_fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (socket_.get() < 0 ||
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &longest_send, sizeof longest_send) != 0) {
        spdlog::warn("the service manager is told nothing: {}", error_text());
        return;
    }
    address_.sun_family = AF_UNIX;
    std::memcpy(address_.sun_path, socket_name.data(), socket_name.size());
    if (is_abstract)
        address_.sun_path[0] = '\0'; // unix(7); such a name ends where the address does
    address_size_ =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_name.size() + (is_abstract ? 0 : 1));
}

void notifier::ready(std::string_view status) const
{
    send(fmt::format("READY=1\nSTATUS={}", status));
}

void notifier::reloading() const
{
    // CLOCK_MONOTONIC, which is what libstdc++'s steady_clock is: tells this reload from the one before.
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading keys and settings again",
                     std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
}

void notifier::stopping(std::string_view status, std::chrono::microseconds at_most) const
{
    send(fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}\nSTATUS={}", at_most.count(), status));
}

void notifier::beat() const
{
    send("WATCHDOG=1");
}

void notifier::send(const std::string& message) const
{
    if (address_size_ == 0)
        return;
    const auto* address = reinterpret_cast<const sockaddr*>(&address_);
    if (::sendto(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL, address, address_size_) < 0)
        spdlog::warn("the service manager could not be told {}: {}", message.substr(0, message.find('\n')),
                     error_text());
}

} // namespace ttsave::app
