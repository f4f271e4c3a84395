#pragma once

// The way from a link to its files: shared with others who ask for the same, kept from earlier, or begun.

#include "core/errc.hpp"
#include "delivery/delivery.hpp"
#include "delivery/failure_memory.hpp"
#include "delivery/link_follower.hpp"
#include "delivery/opened_entries.hpp"
#include "delivery/places.hpp"
#include "delivery/post_files.hpp"
#include "delivery/shared_outcome.hpp"
#include "delivery/shared_work.hpp"
#include "extraction/pathfinder.hpp"
#include "extraction/post_url.hpp"
#include "extraction/resolve_request.hpp"
#include "net/route.hpp"
#include "store/media_store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ttsave::delivery {

/// References outlive the board.
struct board_services {
    extraction::pathfinder& finder;
    store::media_store& kept;
    delivery_services making;
};

struct board_options {
    delivery_options making;
    std::chrono::milliseconds resolve_timeout{30'000}; ///< for links and posts, waiting included
    std::chrono::seconds negative_ttl{30};             ///< how long a post's own failure is remembered
    std::chrono::seconds link_ttl{3600};               ///< how long it is remembered where a short link leads
    std::size_t max_deliveries = 100;                  ///< posts and short links under way, or still being read
};

/// What a client is given to read.
struct opened_post {
    reading files;
    std::string_view origin;                       ///< "cache", "shared" or "tiktok"
    std::chrono::steady_clock::duration resolving; ///< how long it took to find out what the post consists of
    std::shared_ptr<void> share;                   ///< what is read goes on as long as somebody holds it
};

/// Thread-safe. However many ask for a post, it is resolved once and delivered once in each form; a plain video has
/// only one. When the last one who asked has left, what was under way for them is cancelled and vanishes.
class board {
public:
    board(const board_services& services, board_options options);

    /// Opens the post that `link` leads to, as `mode` wants it, as soon as its first file has proved to be media.
    /// `request` names who asks, for logs.
    ///
    /// Errors: those of pathfinder and delivery::ready; overloaded (max_deliveries);
    /// shutting_down. Failures that are the post's own are remembered for a while. Cancellation: terminal.
    boost::asio::awaitable<result<opened_post>> open(extraction::post_link link, content_mode mode,
                                                     std::string request);

    /// Posts and short links under way, or still being read.
    std::size_t under_way() const { return room_.taken(); }

    /// Changes the timeouts and limits for what begins from now on. The other options stay as they are.
    void limit(const board_options& changed);

    /// Cancels everything and waits for its end; must be awaited before destruction, and when no shares are left.
    boost::asio::awaitable<void> stop();

private:
    using executor = boost::asio::any_io_executor;
    using post_ptr = std::shared_ptr<const extraction::post>;
    using content_ptr = std::shared_ptr<const post_files>;
    using place = std::shared_ptr<void>;

    using post_works = shared_work<std::string, shared_outcome<post_ptr>>;
    using delivery_works = shared_work<std::pair<std::string, product>, delivery>;
    using kept_works = shared_work<std::string, shared_outcome<content_ptr>>;

    /// Where a post that is asked for is to be had.
    struct delivered {
        delivery_works::share work;
        bool is_own = false; // begun for this client
    };
    struct opened_entry {
        store::media_store::entry entry;
        content_ptr content;
    };
    using way = std::variant<delivered, opened_entry, kept_works::share, post_works::share>;

    /// A post that is asked for, and what is known of it by now.
    struct wish {
        extraction::post_ref post;
        net::route way; // by which its link was followed, if it was
        content_mode mode{};
        std::string request; // its id
        std::chrono::steady_clock::time_point deadline;
        place held;     // taken already, or null
        post_ptr found; // once it is resolved
    };

    std::chrono::steady_clock::time_point deadline_from_now();
    result<way> find_way(const executor& where, wish& asked);
    void know_from_others(wish& asked);
    std::optional<way> find_delivery(const wish& asked);
    std::optional<way> find_kept(const executor& where, const wish& asked);
    result<way> begin_delivery(const executor& where, const wish& asked);
    result<way> begin_resolution(const executor& where, const wish& asked);
    boost::asio::awaitable<result<post_ptr>> resolve(extraction::resolve_request wanted,
                                                     std::chrono::steady_clock::time_point deadline);
    boost::asio::awaitable<result<content_ptr>> open_kept(store::media_store::entry entry);
    boost::asio::awaitable<void> deliver(std::shared_ptr<delivery> work, std::string post_id, product wanted);
    boost::asio::awaitable<void> keep(std::string key, content_ptr content);
    std::string key_of(const std::string& post_id, product wanted) const;

    const board_services services_;
    places room_;
    link_follower links_;

    std::mutex mutex_;      // guards what follows
    board_options options_; // only what `limit` changes of them
    bool stopping_ = false;
    failure_memory failures_;
    post_works resolutions_;
    kept_works kept_; // being opened
    opened_entries opened_;
    delivery_works deliveries_;
};

} // namespace ttsave::delivery
