#include "delivery/board.hpp"

#include "core/blocking.hpp"
#include "delivery/stored_form.hpp"

#include <boost/asio/this_coro.hpp>

#include <array>
#include <vector>

namespace ttsave::delivery {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

/// A kept entry may turn out to be damaged, and its successor, too; more often something else is wrong.
constexpr int most_ways = 5;

constexpr std::array modes{content_mode::video_only, content_mode::original};

/// As many as are asked for again and again on a small machine, and far from the limit of descriptors.
constexpr std::size_t most_opened_files = 256;

/// What the failure of a post in one mode is remembered by; one of the whole post, by its id alone.
std::string failure_key(const std::string& post_id, content_mode mode)
{
    return post_id + (mode == content_mode::original ? "/original" : "/video");
}

} // namespace

board::board(const board_services& services, board_options options)
    : services_(services), room_(options.max_deliveries),
      links_(services.finder, room_, options.link_ttl, options.negative_ttl), options_(std::move(options)),
      failures_(options_.negative_ttl), opened_(most_opened_files)
{
}

void board::limit(const board_options& changed)
{
    room_.set_most(changed.max_deliveries);
    const std::lock_guard lock(mutex_);
    options_.resolve_timeout = changed.resolve_timeout;
    options_.making.stall_timeout = changed.making.stall_timeout;
    options_.making.max_file_bytes = changed.making.max_file_bytes;
    options_.making.parallel_fetches = changed.making.parallel_fetches;
}

clock::time_point board::deadline_from_now()
{
    const std::lock_guard lock(mutex_);
    return clock::now() + options_.resolve_timeout;
}

asio::awaitable<result<opened_post>> board::open(extraction::post_link link, content_mode mode, std::string request)
{
    const auto where = co_await asio::this_coro::executor;
    wish asked;
    asked.mode = mode;
    asked.request = std::move(request);
    const auto begin = clock::now();
    auto resolved = begin;
    asked.deadline = deadline_from_now();
    if (auto* const address = std::get_if<extraction::short_link>(&link)) {
        auto followed = co_await links_.follow(std::move(*address), asked.deadline);
        if (!followed)
            co_return followed.error();
        asked.post = std::move(followed->post.post);
        asked.way = std::move(followed->post.way);
        asked.held = std::move(followed->place);
        resolved = clock::now();
    } else {
        asked.post = std::get<extraction::post_ref>(std::move(link));
    }
    post_works::share resolution; // held until the delivery has begun, so that nobody resolves in between
    for (int tries = 0; tries < most_ways; ++tries) {
        auto found = find_way(where, asked);
        if (!found)
            co_return found.error();
        if (auto* const delivered_now = std::get_if<delivered>(&*found)) {
            auto files = co_await delivered_now->work->ready();
            if (!files)
                co_return files.error();
            opened_post opened{std::move(*files), delivered_now->is_own ? "tiktok" : "shared", resolved - begin,
                               std::move(delivered_now->work)};
            co_return opened;
        }
        if (auto* const opened_before = std::get_if<opened_entry>(&*found)) {
            auto files = read_from_start(std::move(opened_before->content));
            if (!files) {
                opened_entries::forget(opened_before->entry);
                continue;
            }
            opened_post opened{std::move(*files), "cache", resolved - begin, std::move(opened_before->entry)};
            co_return opened;
        }
        if (auto* const kept = std::get_if<kept_works::share>(&*found)) {
            auto content = co_await (*kept)->wait();
            auto files = content ? read_from_start(*content) : std::nullopt;
            if (!files)
                continue;
            opened_post opened{std::move(*files), "cache", resolved - begin, std::move(*kept)};
            co_return opened;
        }
        resolution = std::get<post_works::share>(std::move(*found));
        auto post = co_await resolution->wait(asked.deadline);
        if (!post)
            co_return post.error();
        asked.found = std::move(*post);
        asked.held = resolution->place();
        resolved = clock::now();
    }
    co_return errc::storage_failed;
}

asio::awaitable<void> board::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        resolutions_.cancel();
        kept_.cancel();
        deliveries_.cancel();
    }
    co_await links_.stop();
    co_await resolutions_.join();
    co_await kept_.join();
    co_await deliveries_.join();
}

/// The cheapest way there is. All ways are looked at in one go, so that nobody begins what somebody else just began.
result<board::way> board::find_way(const executor& where, wish& asked)
{
    const std::lock_guard lock(mutex_);
    if (stopping_)
        return errc::shutting_down;
    if (auto joined = find_delivery(asked))
        return std::move(*joined);
    if (auto kept = find_kept(where, asked))
        return std::move(*kept);
    if (const auto failure = failures_.find(asked.post.id))
        return *failure;
    if (const auto failure = failures_.find(failure_key(asked.post.id, asked.mode)))
        return *failure;
    if (!asked.found)
        know_from_others(asked);
    if (asked.found)
        return begin_delivery(where, asked);
    if (auto joined = resolutions_.find(asked.post.id))
        return way(std::move(joined));
    return begin_resolution(where, asked);
}

std::optional<board::way> board::find_delivery(const wish& asked)
{
    for (const product form : {product::slideshow, product::original})
        if (auto joined = deliveries_.find({asked.post.id, form}); joined && joined->serves(asked.mode))
            return way(delivered{std::move(joined), false});
    return std::nullopt;
}

/// What is delivered in another form has been resolved.
void board::know_from_others(wish& asked)
{
    for (const product form : {product::slideshow, product::original})
        if (const auto other = deliveries_.find({asked.post.id, form})) {
            asked.found = other->post();
            asked.held = other->place();
        }
}

std::optional<board::way> board::find_kept(const executor& where, const wish& asked)
{
    store::media_store::entry entry;
    if (asked.mode == content_mode::video_only)
        entry = services_.kept.find(key_of(asked.post.id, product::slideshow));
    if (!entry) {
        entry = services_.kept.find(key_of(asked.post.id, product::original));
        if (entry && asked.mode == content_mode::video_only && !is_of_video(entry->about))
            return std::nullopt;
    }
    if (!entry)
        return std::nullopt;
    // An entry may have been damaged, or replaced, while its files are open.
    if (auto content = opened_entries::find(entry))
        return way(opened_entry{std::move(entry), std::move(content)});
    if (auto joined = kept_.find(entry->about.key); joined && joined->place() == entry && !joined->outcome())
        return way(std::move(joined));
    const auto work = std::make_shared<shared_outcome<content_ptr>>(entry);
    auto body = work->run(work, open_kept(entry));
    auto begun = kept_.start(where, entry->about.key, work, std::move(body), "cache");
    return begun ? std::optional<way>(std::move(begun)) : std::nullopt;
}

asio::awaitable<result<board::content_ptr>> board::open_kept(store::media_store::entry entry)
{
    auto open = [this, &entry]() -> result<content_ptr> {
        auto files = services_.kept.open(entry);
        if (!files)
            return files.error();
        const file_services services{services_.making.spool.room(), services_.making.memory};
        auto content = content_of(entry->about, std::move(*files), services);
        if (!content)
            services_.kept.drop(entry);
        return content;
    };
    auto opened = co_await run_blocking(services_.making.disk, open);
    if (opened) {
        const std::lock_guard lock(mutex_);
        opened_.keep(entry, *opened);
    }
    co_return opened;
}

result<board::way> board::begin_resolution(const executor& where, const wish& asked)
{
    auto own = asked.held ? asked.held : room_.take();
    if (!own)
        return errc::overloaded;
    const auto work = std::make_shared<shared_outcome<post_ptr>>(std::move(own));
    auto body = work->run(work, resolve({asked.post, asked.way, asked.request}, asked.deadline));
    auto begun = resolutions_.start(where, asked.post.id, work, std::move(body), "resolution");
    if (!begun)
        return errc::shutting_down;
    return way(std::move(begun));
}

asio::awaitable<result<board::post_ptr>> board::resolve(extraction::resolve_request wanted, clock::time_point deadline)
{
    auto found = co_await services_.finder.resolve(wanted, deadline);
    if (found)
        co_return std::make_shared<const extraction::post>(std::move(*found));
    const std::lock_guard lock(mutex_);
    failures_.remember(wanted.post.id, found.error());
    co_return found.error();
}

result<board::way> board::begin_delivery(const executor& where, const wish& asked)
{
    const auto form = product_of(asked.found->kind, asked.mode);
    const auto work = std::make_shared<delivery>(services_.making, options_.making, asked.found, form, asked.held);
    auto body = deliver(work, asked.post.id, form);
    auto begun = deliveries_.start(where, {asked.post.id, form}, work, std::move(body), "delivery");
    if (!begun)
        return errc::shutting_down;
    return way(delivered{std::move(begun), true});
}

asio::awaitable<void> board::deliver(std::shared_ptr<delivery> work, std::string post_id, product wanted)
{
    auto made = co_await work->run();
    if (made) {
        co_await keep(key_of(post_id, wanted), std::move(*made));
        co_return;
    }
    const std::lock_guard lock(mutex_);
    for (const auto mode : modes)
        if (work->serves(mode))
            failures_.remember(failure_key(post_id, mode), made.error());
}

asio::awaitable<void> board::keep(std::string key, content_ptr content)
{
    std::vector<int> descriptors;
    for (const auto& file : content->files) {
        if (!file->is_on_disk())
            co_return;
        descriptors.push_back(file->descriptor());
    }
    auto admit = [&] { return services_.kept.admit(manifest_of(std::move(key), *content), descriptors); };
    if (co_await run_blocking(services_.making.disk, admit))
        for (const auto& file : content->files)
            file->release_budget();
}

std::string board::key_of(const std::string& post_id, product wanted) const
{
    return store_key(post_id, wanted, options_.making.slideshow);
}

} // namespace ttsave::delivery
