#pragma once

// POST {base}/download: a link in, the post's files out, in one stream.

#include "delivery/board.hpp"
#include "http/exchange.hpp"
#include "http/router.hpp"
#include "metrics/instruments.hpp"

#include <boost/asio/awaitable.hpp>

namespace ttsave::api {

/// Answers downloads; one object for all threads. `board` and `counted` must outlive it.
class download {
public:
    download(delivery::board& board, metrics::instruments& counted) : board_(board), counted_(counted) {}

    /// Cancellation (terminal): the client's share in the delivery is given back.
    boost::asio::awaitable<void> answer(http::exchange& asked) const;

private:
    delivery::board& board_;
    metrics::instruments& counted_;
};

} // namespace ttsave::api
