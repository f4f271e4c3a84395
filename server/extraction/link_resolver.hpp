#pragma once

// Follows short links to the post they stand for, without ever asking a host that is not TikTok's.

#include "core/errc.hpp"
#include "extraction/post_url.hpp"
#include "net/transfer_engine.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace ttsave::extraction {

/// Thread-safe; must outlive its operations.
class link_resolver {
public:
    explicit link_resolver(net::transfer_engine& engine) : engine_(engine) {}

    /// Follows `link` by `way`, at most five redirects far, one HEAD each. Every redirect is judged before it is
    /// followed: only short links are asked, and the first post ends the journey without its page being touched.
    ///
    /// Errors: post_unsupported (leads anywhere else), post_unavailable (404), tiktok_blocked, tiktok_timeout,
    /// tiktok_error; the last two only after a second try. Cancellation: terminal.
    boost::asio::awaitable<result<post_ref>> resolve(short_link link, net::route way,
                                                     std::chrono::steady_clock::time_point deadline);

private:
    net::transfer_engine& engine_;
};

} // namespace ttsave::extraction
