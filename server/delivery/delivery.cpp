#include "delivery/delivery.hpp"

#include "core/blocking.hpp"

#include <spdlog/spdlog.h>

#include <utility>
#include <variant>

namespace ttsave::delivery {

namespace asio = boost::asio;

delivery::delivery(const delivery_services& services, const delivery_options& options, extraction::post_link link)
    : services_(services), options_(options), link_(std::move(link))
{
}

asio::awaitable<void> delivery::run()
{
    // Readers must see an end even if this coroutine is cancelled or throws.
    struct ender {
        delivery& self;
        error_code outcome = errc::media_unavailable;
        ~ender()
        {
            if (outcome)
                self.fail(outcome);
        }
    } end{*this};
    const auto done = co_await work();
    end.outcome = done ? error_code() : done.error();
}

asio::awaitable<result<void>> delivery::work()
{
    auto post = co_await resolve();
    if (!post)
        co_return post.error();

    auto made = std::make_shared<manifest>();
    for (std::size_t count = post->media.size(); count > 0; --count) {
        auto create = [this] { return services_.spool.create(); };
        auto file = co_await run_blocking(services_.disk, std::move(create));
        if (!file)
            co_return file.error();
        made->files.push_back(std::make_shared<growing_file>(std::move(*file), options_.marker));
    }
    made->post = std::move(*post);
    {
        const std::lock_guard lock(mutex_);
        manifest_ = made;
        changed_.notify_all();
    }
    for (std::size_t index = 0; index < made->files.size(); ++index) {
        const auto fetched = co_await fetch(made->post.media[index], made->files[index]);
        if (!fetched)
            co_return fetched.error();
        made->files[index]->complete();
    }
    co_return result<void>();
}

asio::awaitable<result<extraction::post>> delivery::resolve()
{
    const auto deadline = std::chrono::steady_clock::now() + options_.resolve_timeout;
    if (const auto* const post = std::get_if<extraction::post_ref>(&link_))
        co_return co_await services_.extractors.resolve(*post, deadline);
    const auto followed = co_await services_.links.resolve(std::get<extraction::short_link>(link_), deadline);
    if (!followed)
        co_return followed.error();
    co_return co_await services_.extractors.resolve(*followed, deadline);
}

asio::awaitable<result<void>> delivery::fetch(const extraction::medium& wanted, std::shared_ptr<growing_file> file)
{
    media::fetch_request request;
    for (const auto& source : wanted.sources)
        request.sources.push_back({source.url, source.headers, source.cookies});
    switch (wanted.role) {
    case extraction::medium_role::video: request.expected = media::media_class::video; break;
    case extraction::medium_role::photo: request.expected = media::media_class::image; break;
    case extraction::medium_role::sound: request.expected = media::media_class::audio; break;
    }
    request.max_bytes = options_.max_file_bytes;
    request.stall_timeout = options_.stall_timeout;
    co_return co_await services_.fetcher.fetch(std::move(request), std::move(file));
}

void delivery::fail(error_code reason)
{
    const std::lock_guard lock(mutex_);
    error_ = reason;
    if (manifest_)
        for (const auto& file : manifest_->files)
            if (!file->state().is_complete)
                file->fail(reason);
    changed_.notify_all();
}

asio::awaitable<result<manifest>> delivery::ready()
{
    std::shared_ptr<const manifest> found;
    {
        std::unique_lock lock(mutex_);
        while (!manifest_ && !error_)
            co_await changed_.wait(lock);
        if (!manifest_)
            co_return error_;
        found = manifest_;
    }
    const auto first = co_await found->files.front()->recognised();
    if (!(first.type && first.size > 0))
        co_return first.error;
    co_return *found;
}

} // namespace ttsave::delivery
