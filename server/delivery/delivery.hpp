#pragma once

// One post on its way from TikTok to those who asked for it.

#include "core/async_condition.hpp"
#include "core/errc.hpp"
#include "delivery/content_mode.hpp"
#include "delivery/growing_file.hpp"
#include "delivery/post_files.hpp"
#include "extraction/post.hpp"
#include "media/fetcher.hpp"
#include "media/ffmpeg.hpp"
#include "media/ffmpeg_rehearsal.hpp"
#include "media/slideshow.hpp"
#include "store/spool.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace ttsave::delivery {

/// What a delivery is made with. References outlive every delivery.
struct delivery_services {
    media::fetcher& fetcher;
    media::ffmpeg& encoder;
    media::ffmpeg_rehearsal& rehearsal;
    store::spool& spool;
    budget& memory;                 ///< for files that cannot be written to disk any more
    boost::asio::thread_pool& disk; ///< for calls that may block
};

struct delivery_options {
    std::chrono::seconds stall_timeout{20};
    std::uint64_t max_file_bytes = 0;
    std::size_t parallel_fetches = 8; ///< files of one post on their way at a time
    media::slideshow_options slideshow;
    std::string marker; ///< what readers must be warned of (growing_file)
};

/// Fetches a post's files, or makes a video of them, and shows them to any number of readers. Thread-safe.
class delivery {
public:
    /// `place`: whatever is to be held for as long as this object lives.
    delivery(const delivery_services& services, const delivery_options& options,
             std::shared_ptr<const extraction::post> found, product wanted, std::shared_ptr<void> place);

    /// Does the work, once. Returns the files when all of them are complete; whatever is in the way of that is what
    /// readers see, too. Cancellation: terminal; readers see the delivery fail with media_unavailable.
    boost::asio::awaitable<result<std::shared_ptr<const post_files>>> run();

    /// Waits until the first file has been recognised as media, and begins to read.
    /// Errors: whatever kept the delivery from getting there, or has made it fail since. Cancellation: terminal.
    boost::asio::awaitable<result<reading>> ready();

    const std::shared_ptr<const extraction::post>& post() const { return post_; }
    const std::shared_ptr<void>& place() const { return place_; }

    /// Whether it is what clients who ask in `mode` are to get.
    bool serves(content_mode mode) const { return product_of(post_->kind, mode) == wanted_; }

    /// Whether one more client would get everything, as far as can be told by now.
    bool is_joinable() const;

    /// Whether every file is complete: there is nothing left to be cancelled.
    bool is_whole() const { return is_whole_; }

private:
    boost::asio::awaitable<result<void>> work();
    boost::asio::awaitable<result<void>> deliver_originals();
    boost::asio::awaitable<result<void>> deliver_slideshow();
    boost::asio::awaitable<result<std::shared_ptr<growing_file>>> make_slideshow();
    boost::asio::awaitable<result<unique_fd>> make_file();
    std::shared_ptr<growing_file> grow(unique_fd file, std::string marker) const;
    boost::asio::awaitable<result<void>> fetch(const extraction::medium& wanted, std::shared_ptr<growing_file> file);
    void publish(std::shared_ptr<const post_files> made);
    void fail(error_code reason);

    const delivery_services services_;
    const delivery_options options_;
    const std::shared_ptr<const extraction::post> post_;
    const product wanted_;
    const std::shared_ptr<void> place_;

    std::atomic<bool> is_whole_ = false;
    mutable std::mutex mutex_;
    async_condition changed_;
    std::shared_ptr<const post_files> content_; // set once, when the files are made
    error_code error_;
};

} // namespace ttsave::delivery
