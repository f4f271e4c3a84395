#pragma once

// One post on its way from TikTok to those who asked for it.

#include "core/async_condition.hpp"
#include "core/errc.hpp"
#include "delivery/content_mode.hpp"
#include "delivery/growing_file.hpp"
#include "extraction/link_resolver.hpp"
#include "extraction/post.hpp"
#include "extraction/post_url.hpp"
#include "extraction/worker_pool.hpp"
#include "media/fetcher.hpp"
#include "media/ffmpeg.hpp"
#include "media/ffmpeg_rehearsal.hpp"
#include "media/slideshow.hpp"
#include "store/spool.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ttsave::delivery {

/// What a delivery is made with. References outlive every delivery.
struct delivery_services {
    extraction::link_resolver& links;
    extraction::worker_pool& extractors;
    media::fetcher& fetcher;
    media::ffmpeg& encoder;
    media::ffmpeg_rehearsal& rehearsal;
    const store::spool& spool;
    boost::asio::thread_pool& disk; ///< for calls that may block
};

struct delivery_options {
    std::chrono::milliseconds resolve_timeout{30'000}; ///< in the queue and in the worker together
    std::chrono::seconds stall_timeout{20};
    std::uint64_t max_file_bytes = 0;
    std::size_t parallel_fetches = 8; ///< files of one post on their way at a time
    media::slideshow_options slideshow;
    std::string marker; ///< what readers must be warned of (growing_file)
};

/// The post and its files; the files are still growing.
struct manifest {
    extraction::post post;
    std::vector<std::shared_ptr<growing_file>> files; ///< in the order in which they are sent
};

/// Resolves a link, fetches or makes the files, and shows both to any number of readers. Thread-safe.
class delivery {
public:
    delivery(const delivery_services& services, const delivery_options& options, extraction::post_link link,
             content_mode mode);

    /// Does the work, once; every failure ends up in the state that readers see. Cancellation: terminal; readers see
    /// the delivery fail with media_unavailable.
    boost::asio::awaitable<void> run();

    /// Waits until the first file has been recognised as media.
    /// Errors: whatever kept the delivery from getting there, or has made it fail since. Cancellation: terminal.
    boost::asio::awaitable<result<manifest>> ready();

private:
    boost::asio::awaitable<result<void>> work();
    boost::asio::awaitable<result<extraction::post>> resolve();
    boost::asio::awaitable<result<void>> deliver_originals(extraction::post found);
    boost::asio::awaitable<result<void>> deliver_slideshow(extraction::post found);
    boost::asio::awaitable<result<std::shared_ptr<growing_file>>> make_slideshow(const extraction::post& found);
    boost::asio::awaitable<result<unique_fd>> make_file();
    boost::asio::awaitable<result<void>> fetch(const extraction::medium& wanted, std::shared_ptr<growing_file> file);
    void publish(std::shared_ptr<const manifest> made);
    void fail(error_code reason);

    const delivery_services services_;
    const delivery_options options_;
    const extraction::post_link link_;
    const content_mode mode_;

    std::mutex mutex_;
    async_condition changed_;
    std::shared_ptr<const manifest> manifest_; // set once, when the post is known and its files are made
    error_code error_;
};

} // namespace ttsave::delivery
