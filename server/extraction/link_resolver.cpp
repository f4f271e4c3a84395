#include "extraction/link_resolver.hpp"

#include "core/async_condition.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr int most_redirects = 5;

// The short hosts redirect link previews straight to the post; browsers are sent through interstitial pages.
constexpr const char* preview_user_agent = "User-Agent: facebookexternalhit/1.1";

/// The end of one HEAD request, awaited from another thread than the engine's.
class head_answer : public net::transfer_sink {
public:
    bool on_head(const net::response_head& head) override
    {
        const std::lock_guard lock(mutex_);
        head_ = head;
        return true;
    }

    net::flow on_data(std::span<const char>) override { return net::flow::go_on; }

    void on_end(net::transfer_end end, std::string_view) override
    {
        const std::lock_guard lock(mutex_);
        end_ = end;
        ended_.notify_all();
    }

    asio::awaitable<result<net::response_head>> wait(clock::time_point deadline)
    {
        std::unique_lock lock(mutex_);
        while (!end_)
            if (!co_await ended_.wait(lock, deadline) && !end_)
                co_return errc::tiktok_timeout;
        if (*end_ == net::transfer_end::timed_out)
            co_return errc::tiktok_timeout;
        if (*end_ != net::transfer_end::complete)
            co_return errc::tiktok_error;
        co_return head_;
    }

private:
    std::mutex mutex_;
    async_condition ended_;
    net::response_head head_;
    std::optional<net::transfer_end> end_;
};

asio::awaitable<result<net::response_head>> ask(net::transfer_engine& engine, net::route way, std::string url,
                                                clock::time_point deadline)
{
    const auto answer = std::make_shared<head_answer>();
    net::transfer_request request;
    request.way = std::move(way);
    request.url = std::move(url);
    request.head = true;
    request.host_is_always_there = true;
    request.headers = {preview_user_agent};
    const auto transfer = engine.start(std::move(request), answer);
    const auto head = co_await answer->wait(deadline);
    if (head && head->status >= 500)
        co_return errc::tiktok_error;
    co_return head;
}

bool is_transient(const error_code& error)
{
    return error == errc::tiktok_error || error == errc::tiktok_timeout;
}

result<post_link> judge_redirect(const std::string& from, std::string_view location)
{
    const auto base = boost::urls::parse_uri(from);
    const auto reference = boost::urls::parse_uri_reference(boost::core::string_view(location.data(), location.size()));
    boost::urls::url absolute;
    if (!base || !reference || !boost::urls::resolve(*base, *reference, absolute))
        return errc::post_unsupported;
    const auto link = parse_post_link(std::string_view(absolute.buffer().data(), absolute.buffer().size()));
    if (!link)
        return errc::post_unsupported;
    return *link;
}

result<post_link> judge(const std::string& from, const net::response_head& head)
{
    if (head.status >= 300 && head.status < 400 && !head.field("location").empty())
        return judge_redirect(from, head.field("location"));
    if (head.status == 404 || head.status == 410)
        return errc::post_unavailable;
    return head.status >= 400 ? errc::tiktok_blocked : errc::post_unsupported;
}

} // namespace

asio::awaitable<result<post_ref>> link_resolver::resolve(short_link link, net::route way, clock::time_point deadline)
{
    for (int followed = 0; followed < most_redirects; ++followed) {
        const std::string url = link.url();
        // Half of what is left, so that a host that hangs leaves time for the second try.
        const auto now = clock::now();
        auto head = co_await ask(engine_, way, url, now + (deadline - now) / 2);
        if (!head && is_transient(head.error()))
            head = co_await ask(engine_, way, url, deadline);
        if (!head)
            co_return head.error();
        const auto next = judge(url, *head);
        if (!next)
            co_return next.error();
        if (const auto* const post = std::get_if<post_ref>(&*next))
            co_return *post;
        link = std::get<short_link>(*next);
    }
    co_return errc::post_unsupported;
}

} // namespace ttsave::extraction
