#pragma once

// POST {base}/download: a link in, the post's files out, in one stream.

#include "delivery/board.hpp"
#include "http/exchange.hpp"
#include "http/router.hpp"

#include <boost/asio/awaitable.hpp>

namespace ttsave::api {

/// Answers downloads; one object for all threads. `board` must outlive it.
class download {
public:
    explicit download(delivery::board& board) : board_(board) {}

    /// Cancellation (terminal): the client's share in the delivery is given back.
    boost::asio::awaitable<void> answer(http::exchange& asked) const;

private:
    delivery::board& board_;
};

} // namespace ttsave::api
