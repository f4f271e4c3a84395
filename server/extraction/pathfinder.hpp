#pragma once

// Follows links and resolves posts by a way that works.

#include "core/errc.hpp"
#include "extraction/link_resolver.hpp"
#include "extraction/post.hpp"
#include "extraction/resolve_request.hpp"
#include "extraction/worker_pool.hpp"
#include "net/proxy_rotation.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace ttsave::extraction {

/// Chooses the way for each delivery, and another one once, where TikTok blocks the first or its proxy fails. What
/// works and what does not, the proxies are told. Why so: docs/decisions/018-the-way-out-of-a-delivery.md.
///
/// Thread-safe; must outlive its operations.
class pathfinder {
public:
    using clock = std::chrono::steady_clock;

    pathfinder(net::proxy_rotation& rotation, link_resolver& links, worker_pool& extractors)
        : rotation_(rotation), links_(links), extractors_(extractors)
    {
    }

    /// The post that `link` stands for, and by which way it was followed. Errors and cancellation: those of
    /// link_resolver::resolve.
    boost::asio::awaitable<result<resolve_request>> follow(short_link link, clock::time_point deadline);

    /// What a post consists of, with the way that has worked. If none is chosen in `wanted`, the next one is. Errors
    /// and cancellation: those of worker_pool::resolve.
    boost::asio::awaitable<result<post>> resolve(resolve_request wanted, clock::time_point deadline);

private:
    boost::asio::awaitable<result<post>> resolve_once(resolve_request wanted, clock::time_point deadline);

    net::proxy_rotation& rotation_;
    link_resolver& links_;
    worker_pool& extractors_;
};

} // namespace ttsave::extraction
