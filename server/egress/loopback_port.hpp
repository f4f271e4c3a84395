#pragma once

// Where processes come to the gate that connect by themselves: a port that anybody on this machine can connect to.

#include "core/episode.hpp"
#include "egress/connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

namespace ttsave::egress {

/// Listens on a free port of 127.0.0.1, and keeps down the number of those who have not shown yet who they are. Says
/// nothing of them in the log but that there are too many.
///
/// Not thread-safe but for number(): everything happens on the one executor it is given, which must run one handler at
/// a time.
class loopback_port {
public:
    /// How many connections there can be of strangers. One more, and the oldest is closed: a process shows who it is
    /// at once.
    static constexpr std::size_t most_strangers = 64;

    /// Throws boost::system::system_error if there can be none.
    explicit loopback_port(const boost::asio::any_io_executor& executor);

    std::uint16_t number() const { return number_; }

    /// The next connection, a stranger's; null once this is cancelled. Cancellation: terminal.
    boost::asio::awaitable<std::shared_ptr<connection>> next();

    /// It is a stranger's no more.
    void has_met(const std::shared_ptr<connection>& client);

private:
    std::shared_ptr<connection> note(boost::asio::ip::tcp::socket accepted);

    boost::asio::ip::tcp::acceptor acceptor_;
    const std::uint16_t number_;
    std::deque<std::weak_ptr<connection>> strangers_; // the oldest first
    episode crowds_;
    episode failures_;
};

} // namespace ttsave::egress
