#include "app/extractor_trial.hpp"

#include "app/canary.hpp"
#include "app/proxy_source.hpp"
#include "app/room_options.hpp"
#include "egress/gate.hpp"
#include "extraction/link_resolver.hpp"
#include "extraction/pathfinder.hpp"
#include "extraction/version_link.hpp"
#include "extraction/worker_pool.hpp"
#include "net/proxy_rotation.hpp"
#include "net/transfer_engine.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <ostream>
#include <string>

namespace ttsave::app {

namespace asio = boost::asio;

namespace {

/// How often the pool is asked whether its process is ready: nothing announces that.
constexpr std::chrono::milliseconds between_looks{20};

extraction::worker_pool_options one_process(const settings::settings& chosen, const egress::gate& gate,
                                            const std::filesystem::path& yt_dlp)
{
    auto options = pool_of(chosen, gate, {});
    options.processes.yt_dlp = yt_dlp;
    options.workers = options.max_workers = 1;
    return options;
}

bool is_fault_of_yt_dlp(const error_code& outcome)
{
    return outcome == errc::tiktok_blocked || outcome == errc::extractor_failed;
}

/// As much of the server as resolves posts, on one thread. Members stand in the order in which they depend on each
/// other.
class trial {
public:
    trial(const settings::settings& chosen, const std::filesystem::path& yt_dlp, std::ostream& out)
        : chosen_(chosen), out_(out), proxies_(chosen, rotation_), engine_(network_of(chosen)), links_(engine_),
          gate_(context_.get_executor(), network_of(chosen), entry_here()),
          extractors_(context_.get_executor(), gate_, one_process(chosen, gate_, yt_dlp)),
          finder_(rotation_, links_, extractors_)
    {
        proxies_.load();
    }

    bool run()
    {
        std::exception_ptr failure;
        asio::co_spawn(context_, run_all(), [&failure](const std::exception_ptr& thrown) { failure = thrown; });
        context_.run();
        if (failure)
            std::rethrow_exception(failure);
        return passes_;
    }

private:
    asio::awaitable<void> run_all()
    {
        passes_ = co_await becomes_ready();
        if (passes_)
            for (const auto& link : chosen_.canary_urls)
                co_await ask(link);
        co_await extractors_.stop();
        co_await gate_.stop();
    }

    /// The pool gives up a process that is not ready in time, and says so.
    asio::awaitable<bool> becomes_ready()
    {
        asio::steady_timer timer(context_);
        for (;;) {
            const auto status = extractors_.status();
            if (status.ready > 0)
                out_ << "ready: yt-dlp " << status.yt_dlp << std::endl;
            else if (!status.problem.empty())
                out_ << "not ready: " << status.problem << std::endl;
            if (status.ready > 0 || !status.problem.empty())
                co_return status.ready > 0;
            timer.expires_after(between_looks);
            co_await timer.async_wait(asio::use_awaitable);
        }
    }

    asio::awaitable<void> ask(const std::string& link)
    {
        const auto outcome =
            co_await ask_for(finder_, link, std::chrono::steady_clock::now() + chosen_.resolve_timeout);
        out_ << (outcome ? outcome.message() : "ok") << ": " << link << std::endl;
        if (is_fault_of_yt_dlp(outcome))
            passes_ = false;
    }

    const settings::settings& chosen_;
    std::ostream& out_;
    bool passes_ = false;
    asio::io_context context_{1};
    net::proxy_rotation rotation_;
    proxy_source proxies_;
    net::transfer_engine engine_;
    extraction::link_resolver links_;
    egress::gate gate_;
    extraction::worker_pool extractors_;
    extraction::pathfinder finder_;
};

} // namespace

bool passes_trial(const settings::settings& chosen, const std::filesystem::path& path, std::ostream& out)
{
    // A link that leads nowhere would have a server use the yt-dlp that Python has.
    std::string problem = "is not there";
    const auto yt_dlp = extraction::version_link(path).find(problem);
    if (yt_dlp.empty()) {
        out << "not ready: " << path.string() << ' ' << problem << std::endl;
        return false;
    }
    return trial(chosen, yt_dlp, out).run();
}

} // namespace ttsave::app
