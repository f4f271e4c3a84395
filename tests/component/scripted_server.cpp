#include "scripted_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

namespace ttsave::test {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string scripted_connection::read_head()
{
    std::string head;
    boost::system::error_code ec;
    const auto count = asio::read_until(socket_, asio::dynamic_buffer(head), "\r\n\r\n", ec);
    return ec ? std::string() : head.substr(0, count);
}

void scripted_connection::send(std::string_view bytes)
{
    boost::system::error_code peer_has_gone;
    asio::write(socket_, asio::buffer(bytes), peer_has_gone);
}

std::size_t scripted_connection::send_until_blocked(std::string_view bytes)
{
    constexpr int patience_ms = 500;
    std::size_t sent = 0;
    pollfd writable{socket_.native_handle(), POLLOUT, 0};
    while (sent < bytes.size() && ::poll(&writable, 1, patience_ms) == 1) {
        const auto count =
            ::send(socket_.native_handle(), bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0)
            break;
        sent += static_cast<std::size_t>(count);
    }
    return sent;
}

void scripted_connection::wait_for_close()
{
    std::array<char, 1024> scratch;
    boost::system::error_code ec;
    while (!ec)
        socket_.read_some(asio::buffer(scratch), ec);
}

bool scripted_connection::is_open_for(std::chrono::milliseconds time)
{
    pollfd readable{socket_.native_handle(), POLLIN, 0};
    return ::poll(&readable, 1, static_cast<int>(time.count())) == 0;
}

void scripted_connection::reset()
{
    socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
}

scripted_server::scripted_server(script answer)
    : answer_(std::move(answer)), acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      accepting_([this] { accept(); })
{
}

scripted_server::~scripted_server()
{
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR); // wakes the blocking accept
    accepting_.join();
    for (auto& thread : threads_)
        thread.join();
}

std::uint16_t scripted_server::port() const
{
    return acceptor_.local_endpoint().port();
}

std::size_t scripted_server::connections() const
{
    const std::lock_guard lock(mutex_);
    return threads_.size();
}

void scripted_server::accept()
{
    for (;;) {
        boost::system::error_code ec;
        tcp::socket socket = acceptor_.accept(ec);
        if (ec)
            return;
        const std::lock_guard lock(mutex_);
        const std::size_t number = threads_.size();
        threads_.emplace_back([this, number, accepted = std::move(socket)]() mutable {
            scripted_connection connection(std::move(accepted));
            answer_(connection, number);
        });
    }
}

} // namespace ttsave::test
