#pragma once

// The way by which one delivery reaches TikTok: through one of the operator's proxies, or directly.

#include "net/proxy.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace ttsave::net {

/// Handed along from the link to the last byte of the media, so that all of it comes from one address; whoever meets a
/// fault of the proxy tells it here. A value, copied freely; copies may be used by several threads.
///
/// One that has not been chosen leads nowhere: what forgets to pass a route on fails, rather than show TikTok an
/// address that was to be hidden.
class route {
public:
    using clock = proxy::clock;

    route() = default;
    static route direct()
    {
        route made;
        made.is_direct_ = true;
        return made;
    }
    /// Throughout what begins at `begin`.
    route(std::shared_ptr<proxy> through, clock::time_point begin) : proxy_(std::move(through)), begin_(begin) {}

    bool is_chosen() const { return is_direct_ || proxy_; }

    /// Null: there is none.
    const net::proxy* through() const { return proxy_.get(); }

    /// For the log.
    std::string_view name() const
    {
        return proxy_ ? std::string_view(proxy_->name()) : is_direct_ ? "no proxy" : "no way";
    }

    void failed(std::string_view why, clock::time_point now = clock::now()) const
    {
        if (proxy_)
            proxy_->failed(why, now);
    }
    void worked() const
    {
        if (proxy_)
            proxy_->worked(begin_);
    }

    /// Whether its proxy has failed since the route was chosen, for whomever.
    bool has_failed() const { return proxy_ && proxy_->has_failed_since(begin_); }

private:
    std::shared_ptr<net::proxy> proxy_;
    bool is_direct_ = false;
    clock::time_point begin_{};
};

} // namespace ttsave::net
