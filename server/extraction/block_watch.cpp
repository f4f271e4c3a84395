#include "extraction/block_watch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace ttsave::extraction {

namespace {

/// How many of the last resolves the log sums up.
constexpr std::size_t most_summed_up = 20;

bool is_answer(const error_code& outcome)
{
    constexpr std::array answers{errc::post_private, errc::post_unavailable, errc::media_unavailable};
    return !outcome || std::find(answers.begin(), answers.end(), outcome) != answers.end();
}

} // namespace

void block_watch::note(const std::string& post_id, const error_code& outcome, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    if (outcome == errc::tiktok_blocked)
        note_block(post_id, now);
    else if (is_answer(outcome))
        note_answer();
    else if (outcome == errc::extractor_failed)
        ++state_.failed;
}

void block_watch::note_answer()
{
    ++state_.answered;
    remember(false);
    if (is_told_)
        spdlog::info("TikTok shows posts again, after {} in a row that it did not", in_a_row_);
    odd_posts_.clear();
    in_a_row_ = 0;
    state_.is_blocked = is_told_ = false;
}

void block_watch::note_block(const std::string& post_id, clock::time_point now)
{
    ++state_.blocked;
    ++in_a_row_;
    remember(true);
    if (!state_.is_blocked && std::find(odd_posts_.begin(), odd_posts_.end(), post_id) == odd_posts_.end())
        odd_posts_.push_back(post_id);
    if (odd_posts_.size() < most_odd_posts)
        return;
    const bool is_new = blocks_.begins(now);
    if (!state_.is_blocked && is_new) {
        spdlog::error("TikTok refuses this server, or yt-dlp no longer understands it: {} of the last {} posts failed "
                      "with tiktok.blocked. What helps: a newer yt-dlp (ttsave-update), another proxy, or cookies "
                      "(cookies_file)",
                      std::count(last_.begin(), last_.end(), true), last_.size());
        is_told_ = true;
    }
    state_.is_blocked = true;
}

void block_watch::remember(bool was_blocked)
{
    last_.push_back(was_blocked);
    if (last_.size() > most_summed_up)
        last_.pop_front();
}

block_state block_watch::state() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

} // namespace ttsave::extraction
