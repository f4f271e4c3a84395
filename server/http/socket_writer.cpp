#include "http/socket_writer.hpp"

#include "core/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/system/errc.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace ttsave::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Unsent bytes above which the socket does not count as writable, and the most that is added at once: together
/// they bound what a connection holds in the kernel beyond what is really in flight.
constexpr int not_sent_low_water = 128 * 1024;
constexpr std::uint64_t most_at_once = 128 * 1024;

error_code last_error()
{
    return {errno, boost::system::system_category()};
}

bool would_block()
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

asio::awaitable<result<void>> socket_writer::until_writable()
{
    auto waiting = socket_.async_wait(tcp::socket::wait_write, asio::as_tuple(asio::use_awaitable));
    const auto outcome = co_await before(std::chrono::steady_clock::now() + patience_, std::move(waiting));
    if (!outcome)
        co_return error_code(asio::error::timed_out);
    if (const auto& ec = std::get<0>(*outcome))
        co_return error_code(ec);
    co_return result<void>();
}

asio::awaitable<result<void>> socket_writer::send(std::string_view bytes, more hint)
{
    const int flags = MSG_NOSIGNAL | (hint == more::follows ? MSG_MORE : 0);
    while (!bytes.empty()) {
        const auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), flags);
        if (sent >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (!would_block())
            co_return last_error();
        else if (auto ready = co_await until_writable(); !ready)
            co_return ready;
    }
    co_return result<void>();
}

asio::awaitable<result<void>> socket_writer::send_file(int fd, std::uint64_t offset, std::uint64_t count)
{
    auto position = static_cast<off_t>(offset);
    while (count > 0) {
        // Asked before every call: only poll and epoll honour the low-water mark, sendfile fills the whole buffer.
        if (auto ready = co_await until_writable(); !ready)
            co_return ready;
        const auto sent = ::sendfile(socket_.native_handle(), fd, &position, std::min(count, most_at_once));
        if (sent > 0)
            count -= static_cast<std::uint64_t>(sent);
        else if (sent == 0)
            co_return error_code(boost::system::errc::make_error_code(boost::system::errc::io_error));
        else if (!would_block())
            co_return last_error();
    }
    co_return result<void>();
}

void tune(tcp::socket& socket)
{
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(tcp::no_delay(true), ignored);
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &not_sent_low_water,
                 sizeof not_sent_low_water);
}

} // namespace ttsave::http
