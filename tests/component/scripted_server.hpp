#pragma once

// A TCP server on loopback that answers each connection as a test tells it to.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ttsave::test {

/// One accepted connection; blocking calls, used on the thread of its own.
class scripted_connection {
public:
    explicit scripted_connection(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    /// Reads up to the empty line; empty when the peer has gone.
    std::string read_head();
    void send(std::string_view bytes);
    /// Sends until the peer has taken nothing for half a second; returns how many bytes have gone out.
    std::size_t send_until_blocked(std::string_view bytes);
    /// Returns when the peer has closed or reset the connection.
    void wait_for_close();
    /// Waits that long; false as soon as the peer has closed or reset the connection.
    bool is_open_for(std::chrono::milliseconds time);
    /// Closes with a reset.
    void reset();

private:
    boost::asio::ip::tcp::socket socket_;
};

/// Calls the script for every connection, each on a thread of its own, with the connection's number from 0 on. The
/// connection is closed when the script returns.
class scripted_server {
public:
    using script = std::function<void(scripted_connection&, std::size_t number)>;

    explicit scripted_server(script answer);
    ~scripted_server();

    std::uint16_t port() const;
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
    std::size_t connections() const;

private:
    void accept();

    const script answer_;
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    mutable std::mutex mutex_;
    std::vector<std::thread> threads_;
    std::thread accepting_;
};

} // namespace ttsave::test
