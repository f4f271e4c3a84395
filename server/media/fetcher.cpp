#include "media/fetcher.hpp"

#include "media/fetch_attempt.hpp"
#include "media/hop.hpp"
#include "media/tail_look.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
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

/// How a source ends that leads to where nothing may be asked for.
attempt_end out_of_bounds()
{
    attempt_end end;
    end.transfer = net::transfer_end::stopped;
    end.error = errc::media_unavailable;
    end.detail = "leads nowhere on the public web";
    return end;
}

/// Whether the sink failed: no other source can change that.
bool is_of_our_making(const error_code& error)
{
    return error && error != errc::media_unavailable && error != errc::post_too_large;
}

/// The state of one fetch; its coroutine's thread only.
class fetching {
public:
    fetching(net::transfer_engine& engine, const net::web_scheme& scheme, fetch_request request,
             std::shared_ptr<media_sink> sink)
        : engine_(engine), scheme_(scheme), request_(std::move(request)), sink_(std::move(sink)),
          wants_sound_(request_.prefers_sound)
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
            spdlog::info("no media source has sound: taking {} without", host_of(*silent_.front()));
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

    std::string host_of(const fetch_source& source) const
    {
        const auto first = first_hop(source, scheme_);
        return first ? first->url.host() : "(no URL)";
    }

    asio::awaitable<attempt_end> try_source(const fetch_source& source)
    {
        auto end = out_of_bounds();
        std::string host = host_of(source); // for the log: a media URL's query holds signatures
        auto next = first_hop(source, scheme_);
        for (int redirects = 0; next && redirects <= most_redirects; ++redirects) {
            const hop here = std::move(*next);
            host = here.url.host();
            end = co_await attempt(source, here);
            if (end.redirect_to.empty())
                break;
            next = next_hop(here, end.redirect_to);
            end = out_of_bounds();
        }
        if (end.transfer != net::transfer_end::complete)
            spdlog::info("media source {} failed after {} bytes: {}", host, sink_->size(), end.detail);
        co_return end;
    }

    asio::awaitable<attempt_end> attempt(const fetch_source& source, const hop& here)
    {
        attempt_goal goal;
        goal.expected = request_.expected;
        goal.wants_sound = wants_sound_;
        goal.max_bytes = request_.max_bytes;
        goal.resumes = begun_;
        const auto taker = std::make_shared<fetch_attempt>(std::move(goal), sink_);
        auto wanted = begun_ ? rest_of(here, *begun_, sink_->size()) : all_of(here);
        const auto transfer = engine_.start(std::move(wanted), taker);
        auto news = co_await taker->wait();
        while (news.what != attempt_news::kind::ended) {
            if (news.what == attempt_news::kind::wants_room) {
                co_await sink_->room();
                taker->let_on();
            } else {
                const auto found = co_await look_at_tail(here, taker->validator(), news.tail_begin);
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
    asio::awaitable<sound_track> look_at_tail(const hop& here, const content_validator& file, std::uint64_t begin)
    {
        const auto taker = std::make_shared<tail_look>(file, begin);
        auto wanted = rest_of(here, file, begin);
        wanted.total_timeout = request_.stall_timeout;
        const auto transfer = engine_.start(std::move(wanted), taker);
        co_return co_await taker->wait();
    }

    net::transfer_request all_of(const hop& here) const
    {
        net::transfer_request wanted;
        wanted.way = request_.way;
        wanted.url = here.url.text();
        wanted.headers = here.headers;
        wanted.cookies = here.cookies;
        wanted.stall_timeout = request_.stall_timeout;
        return wanted;
    }

    net::transfer_request rest_of(const hop& here, const content_validator& file, std::uint64_t begin) const
    {
        auto wanted = all_of(here);
        wanted.range = std::to_string(begin) + '-';
        if (const auto line = file.if_range_line(); !line.empty())
            wanted.headers.push_back(line);
        return wanted;
    }

    net::transfer_engine& engine_;
    const net::web_scheme& scheme_;
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
    fetching state(engine_, scheme_, std::move(request), std::move(sink));
    co_return co_await state.run();
}

} // namespace ttsave::media
