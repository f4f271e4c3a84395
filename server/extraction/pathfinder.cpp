#include "extraction/pathfinder.hpp"

#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;
using clock = pathfinder::clock;

namespace {

/// TikTok is asked by no more than this: what it blocks here as well is hardly a matter of the address.
constexpr int most_blocked = 2;

/// Proxies that fail are passed over, but not without end.
constexpr int most_ways = 5;

/// The ways by which one thing is tried, one after the other.
class search {
public:
    search(net::proxy_rotation& rotation, net::route first, std::string what)
        : rotation_(rotation), way_(std::move(first)), what_(std::move(what))
    {
    }

    const net::route& way() const { return way_; }

    /// Tells the proxy what came of its use. Returns whether to try once more, by what is `way` now.
    bool goes_on_after(const error_code& outcome)
    {
        judge(outcome);
        if (!is_of_the_way(outcome) || ++ways_ >= most_ways)
            return false;
        auto other = rotation_.choose_other(way_);
        if (!other || other->through()->has_failed_since(begin_))
            return false;
        spdlog::info("{} code={} by {}: once more by {}", what_, outcome.message(), way_.name(), other->name());
        way_ = std::move(*other);
        return true;
    }

private:
    void judge(const error_code& outcome) const
    {
        const bool has_answered = !outcome || outcome == errc::post_private || outcome == errc::post_unavailable ||
                                  outcome == errc::post_unsupported;
        if (has_answered)
            way_.worked();
        else if (outcome == errc::tiktok_blocked)
            way_.failed("TikTok blocks it");
    }

    bool is_of_the_way(const error_code& outcome)
    {
        if (outcome == errc::tiktok_blocked)
            return ++blocked_ < most_blocked;
        return (outcome == errc::tiktok_error || outcome == errc::tiktok_timeout) && way_.has_failed();
    }

    net::proxy_rotation& rotation_;
    const clock::time_point begin_ = clock::now();
    net::route way_;
    const std::string what_; // for the log
    int ways_ = 0;
    int blocked_ = 0;
};

} // namespace

asio::awaitable<result<resolve_request>> pathfinder::follow(short_link link, clock::time_point deadline)
{
    search ways(rotation_, rotation_.choose(), "link=" + link.url());
    for (;;) {
        auto found = co_await links_.resolve(link, ways.way(), deadline);
        if (ways.goes_on_after(found ? error_code() : found.error()))
            continue;
        if (!found)
            co_return found.error();
        resolve_request followed{std::move(*found), ways.way()};
        co_return followed;
    }
}

asio::awaitable<result<post>> pathfinder::resolve(resolve_request wanted, clock::time_point deadline)
{
    search ways(rotation_, wanted.way.is_chosen() ? wanted.way : rotation_.choose(), "post=" + wanted.post.id);
    error_code before;
    for (;;) {
        wanted.way = ways.way();
        auto found = co_await extractors_.resolve(wanted, deadline);
        const error_code outcome = found ? error_code() : found.error();
        if (outcome == errc::overloaded && before)
            co_return before; // there was no time left to ask: what was answered says more
        if (ways.goes_on_after(outcome)) {
            before = outcome;
            continue;
        }
        if (found)
            found->way = std::move(wanted.way);
        co_return found;
    }
}

} // namespace ttsave::extraction
