#pragma once

// Which way the next delivery goes.

#include "net/proxy.hpp"
#include "net/proxy_list.hpp"
#include "net/route.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ttsave::net {

/// The proxies in turn, leaving out those that rest while there is another; without proxies, directly. Thread-safe; the
/// mutex is held for as long as it takes to look at each proxy once.
class proxy_rotation {
public:
    using clock = proxy::clock;

    /// From now on these. One that was there before goes on as it was, resting if it rests; routes that were chosen
    /// before remain valid.
    void replace(std::vector<listed_proxy> proxies);

    /// The next in turn. If all of them rest, the one whose rest ends first.
    route choose(clock::time_point now = clock::now());

    /// The same among all but the proxy of `unwanted`; nothing if there are no others.
    std::optional<route> choose_other(const route& unwanted, clock::time_point now = clock::now());

private:
    std::shared_ptr<proxy> next(const proxy* unwanted, clock::time_point now);

    std::mutex mutex_; // guards what follows
    std::vector<std::shared_ptr<proxy>> proxies_;
    std::size_t turn_ = 0;
};

} // namespace ttsave::net
