#include "media/fetcher.hpp"

#include "media/fetch_attempt.hpp"
#include "media/tail_look.hpp"
#include "net/address_policy.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <spdlog/spdlog.h>

#include <optional>
#include <utility>
#include <vector>

namespace ttsave::media {

namespace asio = boost::asio;

namespace {

constexpr int most_redirects = 5;

/// Until a file has begun, its client has nothing: so many hosts that hang are tried in turn, not all there are.
constexpr int stalls_before_giving_up = 2;

/// A file that has begun may break this often in a row without a byte of progress, for every source there is.
constexpr std::size_t fruitless_resumes_per_source = 2;
constexpr std::chrono::milliseconds resume_pause{200};

std::optional<std::string> follow(const std::string& from, const std::string& location)
{
    const auto base = boost::urls::parse_uri(from);
    const auto reference = boost::urls::parse_uri_reference(location);
    boost::urls::url absolute;
    if (!base || !reference || !boost::urls::resolve(*base, *reference, absolute))
        return std::nullopt;
    absolute.remove_fragment();
    return std::string(absolute.buffer().data(), absolute.buffer().size());
}

/// The host of `url`, for the log: a media URL's query holds signatures.
std::string host_of(const std::string& url)
{
    const auto parsed = boost::urls::parse_uri(url);
    return parsed ? std::string(parsed->encoded_host()) : std::string("(no URL)");
}

/// Whether the sink failed: no other source can change that.
bool is_of_our_making(const error_code& error)
{
    return error && error != errc::media_unavailable && error != errc::post_too_large;
}

/// The state of one fetch; its coroutine's thread only.
class fetching {
public:
    fetching(net::transfer_engine& engine, fetch_request request, std::shared_ptr<media_sink> sink)
        : engine_(engine), request_(std::move(request)), sink_(std::move(sink)), wants_sound_(request_.prefers_sound)
    {
    }

    asio::awaitable<result<void>> run()
    {
        const auto patience_ends = std::chrono::steady_clock::now() + stalls_before_giving_up * request_.stall_timeout;
        for (const auto& source : request_.sources) {
            if (std::chrono::steady_clock::now() > patience_ends)
                break;
            if (const auto outcome = co_await fetch_from(source))
                co_return *outcome;
        }
        if (!silent_.empty())
            spdlog::info("no media source has sound: taking {} without", host_of(silent_.front()->url));
        wants_sound_ = false;
        const auto silent = std::exchange(silent_, {});
        for (const auto* source : silent)
            if (const auto outcome = co_await fetch_from(*source))
                co_return *outcome;
        co_return worst_;
    }

private:
    /// The outcome, unless another source may do better.
    asio::awaitable<std::optional<result<void>>> fetch_from(const fetch_source& source)
    {
        auto end = co_await try_source(source);
        if (end.was_cut_off) // the source has the file: what breaks so early deserves a resume too
            end = co_await try_source(source);
        if (end.transfer == net::transfer_end::complete)
            co_return result<void>();
        if (begun_)
            co_return co_await resume(end);
        if (is_of_our_making(end.error))
            co_return result<void>(end.error);
        if (end.is_silent)
            silent_.push_back(&source);
        if (end.error == errc::post_too_large)
            worst_ = end.error;
        co_return std::nullopt;
    }

    asio::awaitable<result<void>> resume(attempt_end end)
    {
        if (!begun_->can_resume())
            co_return end.error ? end.error : error_code(errc::media_unavailable);
        asio::steady_timer pause(co_await asio::this_coro::executor);
        std::size_t fruitless = 0;
        for (std::size_t next = 0; fruitless < fruitless_resumes_per_source * request_.sources.size(); ++next) {
            if (is_of_our_making(end.error) || end.error == errc::post_too_large)
                co_return end.error;
            const auto before = sink_->size();
            end = co_await try_source(request_.sources[(last_source_ + next) % request_.sources.size()]);
            if (end.transfer == net::transfer_end::complete)
                co_return result<void>();
            if (sink_->size() > before) {
                fruitless = 0;
                continue;
            }
            ++fruitless;
            pause.expires_after(resume_pause);
            co_await pause.async_wait(asio::use_awaitable);
        }
        co_return errc::media_unavailable;
    }

    asio::awaitable<attempt_end> try_source(const fetch_source& source)
    {
        std::string url = source.url;
        attempt_end end;
        for (int redirects = 0; redirects <= most_redirects; ++redirects) {
            if (!net::is_fetchable(url)) {
                end = {};
                end.transfer = net::transfer_end::stopped;
                end.error = errc::media_unavailable;
                end.detail = "not a public web address";
                break;
            }
            end = co_await attempt(source, url);
            if (end.redirect_to.empty())
                break;
            const auto next = follow(url, end.redirect_to);
            end.redirect_to.clear();
            end.error = errc::media_unavailable;
            if (!next)
                break;
            url = *next;
        }
        if (end.transfer != net::transfer_end::complete)
            spdlog::info("media source {} failed after {} bytes: {}", host_of(url), sink_->size(), end.detail);
        co_return end;
    }

    asio::awaitable<attempt_end> attempt(const fetch_source& source, const std::string& url)
    {
        attempt_goal goal;
        goal.expected = request_.expected;
        goal.wants_sound = wants_sound_;
        goal.max_bytes = request_.max_bytes;
        goal.resumes = begun_;
        const auto taker = std::make_shared<fetch_attempt>(std::move(goal), sink_);
        auto wanted = begun_ ? rest_of(source, url, *begun_, sink_->size()) : all_of(source, url);
        const auto transfer = engine_.start(std::move(wanted), taker);
        auto news = co_await taker->wait();
        while (news.what != attempt_news::kind::ended) {
            if (news.what == attempt_news::kind::wants_room) {
                co_await sink_->room();
                taker->let_on();
            } else {
                const auto found = co_await look_at_tail(source, url, taker->validator(), news.tail_begin);
                taker->learn(found);
            }
            transfer.resume();
            news = co_await taker->wait();
        }
        auto end = news.end;
        // Whatever broke after the last byte took nothing away.
        if (sink_->size() > 0 && taker->validator().total() == sink_->size())
            end.transfer = net::transfer_end::complete;
        if (!begun_ && sink_->size() > 0) {
            begun_ = taker->validator();
            last_source_ = static_cast<std::size_t>(&source - request_.sources.data());
        }
        co_return end;
    }

    /// What the tail of a file that has begun to arrive tells, within one stall timeout: its client has nothing yet.
    asio::awaitable<sound_track> look_at_tail(const fetch_source& source, const std::string& url,
                                              const content_validator& file, std::uint64_t begin)
    {
        const auto taker = std::make_shared<tail_look>(file, begin);
        auto wanted = rest_of(source, url, file, begin);
        wanted.total_timeout = request_.stall_timeout;
        const auto transfer = engine_.start(std::move(wanted), taker);
        co_return co_await taker->wait();
    }

    net::transfer_request all_of(const fetch_source& source, const std::string& url) const
    {
        net::transfer_request wanted;
        wanted.url = url;
        wanted.headers = source.headers;
        // Cookies are for the host that the page named, not for where it redirects to.
        if (host_of(url) == host_of(source.url))
            wanted.cookies = source.cookies;
        wanted.stall_timeout = request_.stall_timeout;
        return wanted;
    }

    net::transfer_request rest_of(const fetch_source& source, const std::string& url, const content_validator& file,
                                  std::uint64_t begin) const
    {
        auto wanted = all_of(source, url);
        wanted.range = std::to_string(begin) + '-';
        if (const auto line = file.if_range_line(); !line.empty())
            wanted.headers.push_back(line);
        return wanted;
    }

    net::transfer_engine& engine_;
    const fetch_request request_;
    const std::shared_ptr<media_sink> sink_;
    std::optional<content_validator> begun_;
    std::size_t last_source_ = 0;
    bool wants_sound_;
    std::vector<const fetch_source*> silent_; // sources of a video without a sound track
    error_code worst_ = errc::media_unavailable;
};

} // namespace

asio::awaitable<result<void>> fetcher::fetch(fetch_request request, std::shared_ptr<media_sink> sink)
{
    fetching state(engine_, std::move(request), std::move(sink));
    co_return co_await state.run();
}

} // namespace ttsave::media
