#include "delivery/delivery.hpp"

#include "core/blocking.hpp"
#include "core/concurrently.hpp"

#include <spdlog/spdlog.h>

#include <optional>
#include <utility>
#include <variant>

namespace ttsave::delivery {

namespace asio = boost::asio;

namespace {

/// The page's word on a photo's size, if it is one that a photo can have.
std::optional<media::pixel_size> claimed_size(const extraction::medium& photo)
{
    constexpr std::uint64_t most = 65'535; // of JPEG
    const auto width = photo.width.value_or(0);
    const auto height = photo.height.value_or(0);
    if (width == 0 || width > most || height == 0 || height > most)
        return std::nullopt;
    return media::pixel_size{static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)};
}

std::vector<std::optional<media::pixel_size>> claimed_sizes(const extraction::post& found)
{
    std::vector<std::optional<media::pixel_size>> sizes;
    for (const auto& medium : found.media)
        if (medium.role == extraction::medium_role::photo)
            sizes.push_back(claimed_size(medium));
    return sizes;
}

void log_failure(const extraction::post& found, std::size_t index, const error_code& failure)
{
    spdlog::info("post={} file={} of {} code={}", found.id, index + 1, found.media.size(), failure.message());
}

} // namespace

delivery::delivery(const delivery_services& services, const delivery_options& options, extraction::post_link link,
                   content_mode mode)
    : services_(services), options_(options), link_(std::move(link)), mode_(mode)
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
    auto found = co_await resolve();
    if (!found)
        co_return found.error();
    if (found->kind == extraction::post_kind::photos && mode_ == content_mode::video_only)
        co_return co_await deliver_slideshow(std::move(*found));
    co_return co_await deliver_originals(std::move(*found));
}

asio::awaitable<result<void>> delivery::deliver_originals(extraction::post found)
{
    const auto made = std::make_shared<manifest>();
    made->post = std::move(found);
    for (std::size_t count = made->post.media.size(); count > 0; --count) {
        auto file = co_await make_file();
        if (!file)
            co_return file.error();
        made->files.push_back(std::make_shared<growing_file>(std::move(*file), options_.marker));
    }
    publish(made);
    auto fetch_one = [this, &made](std::size_t index) -> asio::awaitable<result<void>> {
        auto fetched = co_await fetch(made->post.media[index], made->files[index]);
        if (fetched)
            made->files[index]->complete();
        else
            log_failure(made->post, index, fetched.error());
        co_return fetched;
    };
    co_return co_await concurrently(made->files.size(), options_.parallel_fetches, fetch_one);
}

asio::awaitable<result<void>> delivery::deliver_slideshow(extraction::post found)
{
    if (!co_await services_.rehearsal.succeeds())
        co_return errc::slideshow_unavailable;
    auto video = co_await make_slideshow(found);
    if (!video && video.error() == errc::slideshow_unavailable)
        services_.rehearsal.forget();
    if (!video)
        co_return video.error();
    if ((*video)->size() > options_.max_file_bytes)
        co_return errc::post_too_large;
    const auto made = std::make_shared<manifest>();
    made->post = std::move(found);
    made->files.push_back(std::move(*video));
    publish(made);
    co_return result<void>();
}

asio::awaitable<result<std::shared_ptr<growing_file>>> delivery::make_slideshow(const extraction::post& found)
{
    const std::size_t count = found.media.size();
    const bool has_sound = found.media.back().role == extraction::medium_role::sound;
    auto make = [this] { return make_file(); };
    media::slideshow_services services{services_.encoder, services_.disk, make};
    media::slideshow video(std::move(services), options_.slideshow, claimed_sizes(found));

    std::vector<std::shared_ptr<growing_file>> files(count);
    auto fetch_and_add = [&](std::size_t index) -> asio::awaitable<result<void>> {
        auto empty = co_await make_file();
        if (!empty)
            co_return empty.error();
        const auto file = std::make_shared<growing_file>(std::move(*empty), std::string());
        files[index] = file;
        auto fetched = co_await fetch(found.media[index], file);
        if (!fetched)
            co_return fetched;
        const media::media_file whole{file->descriptor(), *file->state().type};
        if (found.media[index].role == extraction::medium_role::sound)
            co_return co_await video.add_sound(whole);
        co_return co_await video.add_photo(index, whole);
    };
    auto add_one = [&](std::size_t turn) -> asio::awaitable<result<void>> {
        // The sound first: converting it takes longest.
        const std::size_t index = has_sound ? (turn + count - 1) % count : turn;
        auto added = co_await fetch_and_add(index);
        if (!added)
            log_failure(found, index, added.error());
        co_return added;
    };
    const auto added = co_await concurrently(count, options_.parallel_fetches, add_one);
    if (!added)
        co_return added.error();
    auto made = co_await video.finish();
    if (!made)
        co_return made.error();
    const auto file = std::make_shared<growing_file>(std::move(*made), options_.marker);
    auto adopt = [&file] { return file->adopt(media::slideshow::type); };
    if (const auto adopted = co_await run_blocking(services_.disk, adopt); !adopted)
        co_return adopted.error();
    co_return file;
}

asio::awaitable<result<unique_fd>> delivery::make_file()
{
    auto create = [this] { return services_.spool.create(); };
    co_return co_await run_blocking(services_.disk, create);
}

void delivery::publish(std::shared_ptr<const manifest> made)
{
    const std::lock_guard lock(mutex_);
    manifest_ = std::move(made);
    changed_.notify_all();
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
    // What cannot be had whole is better refused than begun.
    const std::lock_guard lock(mutex_);
    if (error_)
        co_return error_;
    co_return *found;
}

} // namespace ttsave::delivery
