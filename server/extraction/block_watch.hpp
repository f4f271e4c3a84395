#pragma once

// Notices when TikTok refuses us, or our yt-dlp no longer understands it.

#include "core/episode.hpp"
#include "core/errc.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace ttsave::extraction {

struct block_state {
    std::uint64_t answered = 0; ///< posts that TikTok has told something about, since the start
    std::uint64_t blocked = 0;  ///< posts that failed with tiktok_blocked, since the start
    std::uint64_t failed = 0;   ///< posts that failed with extractor_failed, since the start
    bool is_blocked = false;    ///< TikTok does not answer any more
};

/// We are blocked from the fifth post on that fails with tiktok_blocked, all five different ones and with none in
/// between that TikTok has told something about, until it tells something again. One odd post, however often it is
/// asked for, proves nothing. That a post is private, removed and the like is an answer; a timeout, a broken
/// connection, an extractor that fails and a wish for a login, which may be either, are none and prove nothing at all.
///
/// The log has a line when that begins, with what can be done, and one when it ends; not again for what comes and goes
/// within a minute. Thread-safe.
class block_watch {
public:
    using clock = episode::clock;

    static constexpr std::size_t most_odd_posts = 5;

    /// `outcome` of resolving a post: no error if it was found.
    void note(const std::string& post_id, const error_code& outcome, clock::time_point now = clock::now());

    block_state state() const;

private:
    void note_answer();
    void note_block(const std::string& post_id, clock::time_point now);
    void remember(bool was_blocked);

    mutable std::mutex mutex_; // guards what follows
    block_state state_;
    std::vector<std::string> odd_posts_; // different ones, in a row
    std::uint64_t in_a_row_ = 0;
    std::deque<bool> last_; // of the last ones that were either, whether they were blocked
    episode blocks_;
    bool is_told_ = false; // the log says that we are blocked
};

} // namespace ttsave::extraction
