#include "app/canary.hpp"

#include "extraction/post_url.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <utility>
#include <variant>

namespace ttsave::app {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_first_wait{30'000};

milliseconds random_up_to(milliseconds most)
{
    std::random_device entropy;
    return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, most.count())(entropy));
}

std::string listed(const std::vector<canary_failure>& failures)
{
    std::string text;
    for (const auto& [link, code] : failures)
        fmt::format_to(std::back_inserter(text), "{}link={} code={}", text.empty() ? "" : ", ", link, code);
    return text;
}

/// Whether that is about this server and not about the post.
bool says_nothing(const error_code& outcome)
{
    return outcome == errc::overloaded || outcome == errc::shutting_down;
}

} // namespace

asio::awaitable<error_code> ask_for(extraction::pathfinder& finder, std::string link,
                                    std::chrono::steady_clock::time_point deadline)
{
    auto parsed = extraction::parse_post_link(link);
    if (!parsed)
        co_return errc::post_unsupported;
    extraction::resolve_request wanted;
    if (auto* const unfollowed = std::get_if<extraction::short_link>(&*parsed)) {
        auto followed = co_await finder.follow(std::move(*unfollowed), deadline);
        if (!followed)
            co_return followed.error();
        wanted = std::move(*followed);
    } else {
        wanted.post = std::get<extraction::post_ref>(std::move(*parsed));
    }
    wanted.request = "canary";
    const auto found = co_await finder.resolve(std::move(wanted), deadline);
    co_return found ? error_code() : found.error();
}

void canary::watch(canary_options wanted)
{
    if (wanted == watched_)
        return;
    if (const auto before = std::exchange(watching_, nullptr))
        task_group::task::cancel(before);
    watched_ = wanted;
    ++last_watch_;
    const bool is_on = !wanted.links.empty() && wanted.interval.count() > 0;
    {
        const std::lock_guard lock(mutex_);
        report_ = is_on ? std::optional(canary_report{wanted.links.size()}) : std::nullopt;
    }
    if (is_on)
        watching_ = tasks_.spawn(executor_, keep_asking(std::move(wanted), last_watch_), "canary");
}

std::optional<canary_report> canary::report() const
{
    const std::lock_guard lock(mutex_);
    return report_;
}

asio::awaitable<void> canary::stop()
{
    tasks_.cancel();
    co_await tasks_.join();
}

asio::awaitable<void> canary::keep_asking(canary_options wanted, std::uint64_t watch)
{
    const milliseconds spread = milliseconds(wanted.interval) / 10;
    asio::steady_timer timer(executor_);
    auto wait = random_up_to(std::min(milliseconds(wanted.interval) / 120, longest_first_wait));
    for (;;) {
        timer.expires_after(wait);
        co_await timer.async_wait(asio::use_awaitable);
        publish(co_await ask_for_all(wanted), watch);
        wait = wanted.interval - random_up_to(spread);
    }
}

asio::awaitable<canary_report> canary::ask_for_all(const canary_options& wanted)
{
    const auto before = report().value_or(canary_report{});
    canary_report found{wanted.links.size(), before.last_run};
    for (const auto& link : wanted.links) {
        const auto outcome = co_await ask_for(finder_, link, std::chrono::steady_clock::now() + wanted.patience);
        if (says_nothing(outcome)) {
            std::ranges::copy_if(before.failures, std::back_inserter(found.failures),
                                 [&link](const canary_failure& known) { return known.link == link; });
            continue;
        }
        found.last_run = std::chrono::system_clock::now();
        if (outcome)
            found.failures.push_back({link, outcome.message()});
    }
    co_return found;
}

void canary::publish(canary_report found, std::uint64_t watch)
{
    const bool was_cancelled = watch != last_watch_; // when it had its answers already
    if (was_cancelled || !found.last_run)
        return;
    const bool fails = !found.failures.empty();
    if (fails && !is_told_)
        spdlog::warn("canary_urls: {} of {} fail: {}", found.failures.size(), found.links, listed(found.failures));
    else if (!fails && is_told_)
        spdlog::info("canary_urls: all of them work again");
    is_told_ = fails;
    const std::lock_guard lock(mutex_);
    report_ = std::move(found);
}

} // namespace ttsave::app
