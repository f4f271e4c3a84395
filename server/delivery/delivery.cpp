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

/// Why its files cannot be read from their beginning.
error_code failure_of(const post_files& content)
{
    for (const auto& file : content.files)
        if (const auto failure = file->state().error)
            return failure;
    return errc::storage_failed;
}

void log_failure(const extraction::post& found, std::size_t index, const error_code& failure)
{
    spdlog::info("post={} file={} of {} code={}", found.id, index + 1, found.media.size(), failure.message());
}

} // namespace

delivery::delivery(const delivery_services& services, const delivery_options& options,
                   std::shared_ptr<const extraction::post> found, product wanted, std::shared_ptr<void> place)
    : services_(services), options_(options), post_(std::move(found)), wanted_(wanted), place_(std::move(place))
{
}

asio::awaitable<result<std::shared_ptr<const post_files>>> delivery::run()
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
    if (!done)
        co_return done.error();
    co_return content_; // nobody writes to it any more
}

asio::awaitable<result<void>> delivery::work()
{
    if (wanted_ == product::slideshow)
        co_return co_await deliver_slideshow();
    co_return co_await deliver_originals();
}

asio::awaitable<result<void>> delivery::deliver_originals()
{
    const auto made = std::make_shared<post_files>();
    made->post = *post_;
    for (std::size_t count = post_->media.size(); count > 0; --count) {
        auto file = co_await make_file();
        if (!file)
            co_return file.error();
        made->files.push_back(grow(std::move(*file), options_.marker));
    }
    publish(made);
    std::size_t left = made->files.size();
    auto fetch_one = [this, &made, &left](std::size_t index) -> asio::awaitable<result<void>> {
        auto fetched = co_await fetch(post_->media[index], made->files[index]);
        if (!fetched) {
            log_failure(*post_, index, fetched.error());
            co_return fetched;
        }
        // Before readers can see the end and leave: what is whole is not cancelled any more.
        is_whole_ = --left == 0;
        made->files[index]->complete();
        co_return fetched;
    };
    co_return co_await concurrently(made->files.size(), options_.parallel_fetches, fetch_one);
}

asio::awaitable<result<void>> delivery::deliver_slideshow()
{
    if (!co_await services_.rehearsal.succeeds())
        co_return errc::slideshow_unavailable;
    auto video = co_await make_slideshow();
    if (!video && video.error() == errc::slideshow_unavailable)
        services_.rehearsal.forget();
    if (!video)
        co_return video.error();
    if ((*video)->size() > options_.max_file_bytes)
        co_return errc::post_too_large;
    const auto made = std::make_shared<post_files>();
    made->post = *post_;
    made->files.push_back(std::move(*video));
    is_whole_ = true;
    publish(made);
    co_return result<void>();
}

asio::awaitable<result<std::shared_ptr<growing_file>>> delivery::make_slideshow()
{
    const auto& found = *post_;
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
        const auto file = grow(std::move(*empty), std::string());
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
    const auto file = grow(std::move(*made), options_.marker);
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

std::shared_ptr<growing_file> delivery::grow(unique_fd file, std::string marker) const
{
    const file_services services{services_.spool.room(), services_.memory};
    return std::make_shared<growing_file>(std::move(file), std::move(marker), services);
}

void delivery::publish(std::shared_ptr<const post_files> made)
{
    const std::lock_guard lock(mutex_);
    content_ = std::move(made);
    changed_.notify_all();
}

asio::awaitable<result<void>> delivery::fetch(const extraction::medium& wanted, std::shared_ptr<growing_file> file)
{
    media::fetch_request request;
    request.way = post_->way;
    for (const auto& source : wanted.sources)
        request.sources.push_back({source.url, source.headers, source.cookies});
    switch (wanted.role) {
    case extraction::medium_role::video: request.expected = media::media_class::video; break;
    case extraction::medium_role::photo: request.expected = media::media_class::image; break;
    case extraction::medium_role::sound: request.expected = media::media_class::audio; break;
    }
    request.prefers_sound = wanted.has_sound;
    request.max_bytes = options_.max_file_bytes;
    request.stall_timeout = options_.stall_timeout;
    co_return co_await services_.fetcher.fetch(std::move(request), std::move(file));
}

void delivery::fail(error_code reason)
{
    const std::lock_guard lock(mutex_);
    error_ = reason;
    if (content_)
        for (const auto& file : content_->files)
            if (!file->state().is_complete)
                file->fail(reason);
    changed_.notify_all();
}

asio::awaitable<result<reading>> delivery::ready()
{
    std::shared_ptr<growing_file> first;
    {
        std::unique_lock lock(mutex_);
        while (!content_ && !error_)
            co_await changed_.wait(lock);
        if (!content_)
            co_return error_;
        first = content_->files.front();
    }
    const auto state = co_await first->recognised();
    if (!(state.type && state.size > 0))
        co_return state.error;
    // What cannot be had whole is better refused than begun.
    const std::lock_guard lock(mutex_);
    if (error_)
        co_return error_;
    auto begun = read_from_start(content_);
    if (!begun)
        co_return failure_of(*content_);
    co_return std::move(*begun);
}

bool delivery::is_joinable() const
{
    const std::lock_guard lock(mutex_);
    return !error_ && (!content_ || read_from_start(content_));
}

} // namespace ttsave::delivery
