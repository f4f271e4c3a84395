#include "http/socket_writer.hpp"

#include "core/as_result.hpp"
#include "core/last_error.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/errc.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace ttsave::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Unsent bytes from which on the kernel takes no more of a connection (TCP_NOTSENT_LOWAT): with what is really in
/// flight they are all that a client that does not read can hold. It takes more again when half of them have left,
/// which makes a least pace of our patience: 32 KiB in 30 s...
constexpr int own_bytes = 64 * 1024;

/// ...and for one that keeps up, as long as there is headroom: a tenth less of CPU for each byte, for want of waits.
constexpr int keeping_up_bytes = 1024 * 1024;

/// Who makes room again within this time keeps up: the larger amount takes no longer at 50 MB/s.
constexpr std::chrono::milliseconds keeping_up{20};

/// What a client that reads as fast as we send may get before others have their turn.
constexpr std::uint64_t turn_bytes = 2 * 1024 * 1024;

bool would_block()
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

asio::awaitable<result<void>> socket_writer::until_writable()
{
    const auto begin = socket_deadline::clock::now();
    deadline_.set(begin + patience_);
    const auto [ec] = co_await socket_.async_wait(tcp::socket::wait_write, as_result);
    deadline_.clear();
    if (deadline_.has_passed())
        co_return error_code(asio::error::timed_out);
    if (ec)
        co_return error_code(ec);
    adapt_to(socket_deadline::clock::now() - begin);
    co_return result<void>();
}

/// When a wait is over, what was unsent has left for the most part: giving headroom back then is no mere promise.
void socket_writer::adapt_to(std::chrono::steady_clock::duration waited)
{
    const bool had = headroom_.bytes() > 0;
    if (had == (waited <= keeping_up) || !headroom_.resize(had ? 0 : keeping_up_bytes))
        return;
    const int most = had ? own_bytes : keeping_up_bytes;
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
}

/// Removes from `bytes` what the kernel takes now.
error_code socket_writer::put(std::string_view& bytes, more hint)
{
    const int flags = MSG_NOSIGNAL | (hint == more::follows ? MSG_MORE : 0);
    while (!bytes.empty()) {
        const auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), flags);
        if (sent < 0)
            return would_block() ? error_code() : last_error();
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    if (hint == more::no)
        cork(false);
    return {};
}

asio::awaitable<result<void>> socket_writer::send_rest(std::string_view bytes, more hint)
{
    for (;;) {
        if (const auto failed = put(bytes, hint))
            co_return failed;
        if (bytes.empty())
            co_return result<void>();
        if (auto ready = co_await until_writable(); !ready)
            co_return ready;
    }
}

asio::awaitable<result<void>> socket_writer::send_waiting(more hint)
{
    std::string_view rest = waiting_;
    const auto failed = put(rest, hint);
    auto sent = failed ? result<void>(failed) : result<void>();
    if (sent && !rest.empty())
        sent = co_await send_rest(rest, hint);
    waiting_.clear();
    co_return sent;
}

asio::awaitable<result<void>> socket_writer::send(std::string_view bytes, more hint)
{
    auto sent = co_await send_waiting(more::follows);
    if (sent)
        sent = co_await send_rest(bytes, hint);
    co_return sent;
}

asio::awaitable<result<void>> socket_writer::send_file(int fd, std::uint64_t offset, std::uint64_t count, more hint)
{
    if (auto sent = co_await send_waiting(more::follows); !sent)
        co_return sent;
    cork(hint == more::follows); // sendfile has no MSG_MORE
    auto position = static_cast<off_t>(offset);
    std::uint64_t turn = 0;
    while (count > 0) {
        const auto sent = ::sendfile(socket_.native_handle(), fd, &position, std::min(count, turn_bytes - turn));
        if (sent == 0)
            co_return error_code(boost::system::errc::make_error_code(boost::system::errc::io_error));
        if (sent < 0 && !would_block())
            co_return last_error();
        if (sent < 0) {
            if (auto ready = co_await until_writable(); !ready)
                co_return ready;
            turn = 0;
            continue;
        }
        count -= static_cast<std::uint64_t>(sent);
        turn += static_cast<std::uint64_t>(sent);
        if (turn == turn_bytes) {
            co_await asio::post(socket_.get_executor(), asio::use_awaitable);
            turn = 0;
        }
    }
    co_return result<void>();
}

void socket_writer::cork(bool is_on)
{
    const int value = is_on;
    if (std::exchange(is_corked_, is_on) != is_on)
        ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

void tune(tcp::socket& socket)
{
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.set_option(tcp::no_delay(true), ignored);
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &own_bytes, sizeof own_bytes);
}

} // namespace ttsave::http
