#pragma once

// Puts bytes on a socket at the client's pace, with little of them waiting in the kernel.

#include "core/budget.hpp"
#include "core/errc.hpp"
#include "http/socket_deadline.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace ttsave::http {

/// Not thread-safe: on the socket's executor, one operation at a time.
///
/// All operations: return only when the kernel has taken everything, so that a slow client slows the caller down.
/// Errors: timed_out when the client takes less than half of what is unsent in `patience`; connection_reset,
/// broken_pipe and the like. Cancellation: terminal; what has been sent until then is unknown.
class socket_writer {
public:
    /// `socket` must be non-blocking; it, its deadline and `headroom` must outlive this object. `headroom` is what all
    /// clients together may hold in the kernel beyond their own little: those who keep up with us get a part of it.
    socket_writer(boost::asio::ip::tcp::socket& socket, socket_deadline& deadline, budget& headroom,
                  std::chrono::seconds patience)
        : socket_(socket), deadline_(deadline), headroom_(headroom), patience_(patience)
    {
    }

    enum class more { no, follows }; ///< whether to hold back an unfilled packet for what follows at once

    /// Text that is to leave in one packet with what is sent next; appending to it sends nothing. Kept with its
    /// capacity, so that a connection's further responses allocate nothing for it.
    std::string& waiting() { return waiting_; }

    boost::asio::awaitable<result<void>> flush() { return send_waiting(more::no); }

    boost::asio::awaitable<result<void>> send(std::string_view bytes, more hint = more::no);

    /// Sends `count` bytes of the file `fd` from `offset` on, without copying them through this process. They must be
    /// there: an earlier end of the file is an io_error.
    boost::asio::awaitable<result<void>> send_file(int fd, std::uint64_t offset, std::uint64_t count,
                                                   more hint = more::no);

private:
    error_code put(std::string_view& bytes, more hint);
    boost::asio::awaitable<result<void>> send_waiting(more hint);
    boost::asio::awaitable<result<void>> send_rest(std::string_view bytes, more hint);
    boost::asio::awaitable<result<void>> until_writable();
    void adapt_to(std::chrono::steady_clock::duration waited);
    void cork(bool is_on);

    boost::asio::ip::tcp::socket& socket_;
    socket_deadline& deadline_;
    budget::share headroom_;
    const std::chrono::seconds patience_;
    std::string waiting_;
    bool is_corked_ = false;
};

/// Prepares an accepted connection: no delay for small writes, and only a small amount of unsent data in the kernel,
/// whatever the client does (shared/style.md: 500 stalled readers held 1.8 GB without).
void tune(boost::asio::ip::tcp::socket& socket);

} // namespace ttsave::http
