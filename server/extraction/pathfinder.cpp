#include "extraction/pathfinder.hpp"

#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

/// Tells the proxy what came of a use of it.
void judge(const net::route& way, const error_code& outcome)
{
    if (!outcome)
        way.worked();
    else if (outcome == errc::tiktok_blocked)
        way.failed("TikTok blocks it");
}

/// Whether what failed may succeed by another way.
bool is_of_the_way(const net::route& way, const error_code& failure)
{
    return failure == errc::tiktok_blocked ||
           ((failure == errc::tiktok_error || failure == errc::tiktok_timeout) && way.has_failed());
}

/// The way to try once more by, if that makes sense.
std::optional<net::route> after(const net::route& way, const error_code& failure, net::proxy_rotation& rotation)
{
    return is_of_the_way(way, failure) ? rotation.choose_other(way) : std::nullopt;
}

} // namespace

asio::awaitable<result<resolve_request>> pathfinder::follow(short_link link, clock::time_point deadline)
{
    auto way = rotation_.choose();
    auto found = co_await links_.resolve(link, way, deadline);
    judge(way, found ? error_code() : found.error());
    if (auto other = found ? std::nullopt : after(way, found.error(), rotation_)) {
        spdlog::info("link={} code={} by {}: once more by {}", link.url(), found.error().message(), way.name(),
                     other->name());
        way = std::move(*other);
        found = co_await links_.resolve(link, way, deadline);
        judge(way, found ? error_code() : found.error());
    }
    if (!found)
        co_return found.error();
    resolve_request followed{std::move(*found), std::move(way)};
    co_return followed;
}

asio::awaitable<result<post>> pathfinder::resolve(resolve_request wanted, clock::time_point deadline)
{
    if (!wanted.way.is_chosen())
        wanted.way = rotation_.choose();
    auto found = co_await resolve_once(wanted, deadline);
    auto other = found ? std::nullopt : after(wanted.way, found.error(), rotation_);
    if (!other)
        co_return found;
    spdlog::info("post={} code={} by {}: once more by {}", wanted.post.id, found.error().message(), wanted.way.name(),
                 other->name());
    wanted.way = std::move(*other);
    auto again = co_await resolve_once(std::move(wanted), deadline);
    if (!again && again.error() == errc::overloaded)
        co_return found; // there was no time left: the first answer says more
    co_return again;
}

asio::awaitable<result<post>> pathfinder::resolve_once(resolve_request wanted, clock::time_point deadline)
{
    auto found = co_await extractors_.resolve(wanted, deadline);
    judge(wanted.way, found ? error_code() : found.error());
    if (found)
        found->way = std::move(wanted.way);
    co_return found;
}

} // namespace ttsave::extraction
