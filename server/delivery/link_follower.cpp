#include "delivery/link_follower.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace ttsave::delivery {

namespace asio = boost::asio;

namespace {

/// Some hundred bytes each.
constexpr std::size_t most_known = 10'000;

} // namespace

link_follower::link_follower(extraction::pathfinder& finder, places& room, std::chrono::seconds link_ttl,
                             std::chrono::seconds negative_ttl)
    : finder_(finder), room_(room), known_(link_ttl, most_known), failures_(negative_ttl)
{
}

asio::awaitable<result<link_follower::target>> link_follower::follow(extraction::short_link link,
                                                                     clock::time_point deadline)
{
    {
        const std::lock_guard lock(mutex_);
        if (auto known = known_.find(link.url())) {
            target found{{std::move(*known), {}}, nullptr};
            co_return found;
        }
    }
    const auto work = join(co_await asio::this_coro::executor, link, deadline);
    if (!work)
        co_return work.error();
    auto post = co_await (*work)->wait(deadline);
    if (!post)
        co_return post.error();
    target found{std::move(*post), (*work)->place()};
    co_return found;
}

asio::awaitable<void> link_follower::stop()
{
    {
        const std::lock_guard lock(mutex_);
        under_way_.cancel();
    }
    co_await under_way_.join();
}

result<link_follower::works::share> link_follower::join(const asio::any_io_executor& where,
                                                        const extraction::short_link& link, clock::time_point deadline)
{
    const std::string url = link.url();
    const std::lock_guard lock(mutex_);
    if (const auto failure = failures_.find(url))
        return *failure;
    if (auto joined = under_way_.find(url))
        return joined;
    auto own = room_.take();
    if (!own)
        return errc::overloaded;
    const auto work = std::make_shared<shared_outcome<extraction::resolve_request>>(std::move(own));
    auto body = work->run(work, ask(link, deadline));
    auto begun = under_way_.start(where, url, work, std::move(body), "short link");
    if (!begun)
        return errc::shutting_down;
    return begun;
}

asio::awaitable<result<extraction::resolve_request>> link_follower::ask(extraction::short_link link,
                                                                        clock::time_point deadline)
{
    auto found = co_await finder_.follow(link, deadline);
    const std::lock_guard lock(mutex_);
    if (found)
        known_.put(link.url(), found->post);
    else
        failures_.remember(link.url(), found.error());
    co_return found;
}

} // namespace ttsave::delivery
