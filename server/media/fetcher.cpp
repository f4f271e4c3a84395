#include "media/fetcher.hpp"

#include "media/fetch_attempt.hpp"
#include "net/address_policy.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

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
        : engine_(engine), request_(std::move(request)), sink_(std::move(sink))
    {
    }

    asio::awaitable<result<void>> run()
    {
        error_code worst = errc::media_unavailable;
        const auto patience_ends = std::chrono::steady_clock::now() + stalls_before_giving_up * request_.stall_timeout;
        for (const auto& source : request_.sources) {
            if (std::chrono::steady_clock::now() > patience_ends)
                break;
            auto end = co_await try_source(source);
            if (end.was_cut_off) // the source has the file: what breaks so early deserves a resume too
                end = co_await try_source(source);
            if (end.transfer == net::transfer_end::complete)
                co_return result<void>();
            if (begun_)
                co_return co_await resume(end);
            if (is_of_our_making(end.error))
                co_return end.error;
            if (end.error == errc::post_too_large)
                worst = end.error;
        }
        co_return worst;
    }

private:
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
        net::transfer_request wanted;
        wanted.url = url;
        wanted.headers = source.headers;
        // Cookies are for the host that the page named, not for where it redirects to.
        if (host_of(url) == host_of(source.url))
            wanted.cookies = source.cookies;
        wanted.stall_timeout = request_.stall_timeout;
        attempt_goal goal;
        goal.expected = request_.expected;
        goal.max_bytes = request_.max_bytes;
        if (begun_) {
            goal.resumes = *begun_;
            wanted.range = std::to_string(sink_->size()) + '-';
            if (const auto line = begun_->if_range_line(); !line.empty())
                wanted.headers.push_back(line);
        }
        const auto taker = std::make_shared<fetch_attempt>(std::move(goal), sink_);
        const auto transfer = engine_.start(std::move(wanted), taker);
        auto ended = co_await taker->wait();
        while (!ended) {
            co_await sink_->room();
            taker->let_on();
            transfer.resume();
            ended = co_await taker->wait();
        }
        auto end = *ended;
        // Whatever broke after the last byte took nothing away.
        if (sink_->size() > 0 && taker->validator().total() == sink_->size())
            end.transfer = net::transfer_end::complete;
        if (!begun_ && sink_->size() > 0) {
            begun_ = taker->validator();
            last_source_ = static_cast<std::size_t>(&source - request_.sources.data());
        }
        co_return end;
    }

    net::transfer_engine& engine_;
    const fetch_request request_;
    const std::shared_ptr<media_sink> sink_;
    std::optional<content_validator> begun_;
    std::size_t last_source_ = 0;
};

} // namespace

asio::awaitable<result<void>> fetcher::fetch(fetch_request request, std::shared_ptr<media_sink> sink)
{
    fetching state(engine_, std::move(request), std::move(sink));
    co_return co_await state.run();
}

} // namespace ttsave::media
