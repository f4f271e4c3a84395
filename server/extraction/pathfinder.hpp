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

/// Chooses the way for each delivery. Where TikTok blocks it, another one is tried, once; where its proxy fails, others
/// are, five in all, but none that has failed meanwhile. What works and what does not, the proxies are told. Why so:
/// docs/decisions/018-the-way-out-of-a-delivery.md.
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
    net::proxy_rotation& rotation_;
    link_resolver& links_;
    worker_pool& extractors_;
};

} // namespace ttsave::extraction
