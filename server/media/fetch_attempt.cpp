#include "media/fetch_attempt.hpp"

#include <algorithm>
#include <utility>

namespace ttsave::media {
namespace {

// What is asked for besides the file itself: no index takes more.
constexpr std::uint64_t longest_tail = opening::most_held_back;

} // namespace

fetch_attempt::fetch_attempt(attempt_goal goal, std::shared_ptr<media_sink> sink)
    : goal_(std::move(goal)), sink_(std::move(sink)), has_begun_(goal_.resumes.has_value()),
      opening_(goal_.expected, goal_.wants_sound)
{
    if (goal_.resumes)
        validator_ = *goal_.resumes;
}

bool fetch_attempt::stop(error_code reason, std::string detail)
{
    end_.error = reason;
    end_.detail = std::move(detail);
    return false;
}

bool fetch_attempt::on_head(const net::response_head& head)
{
    if (head.status >= 300 && head.status < 400 && !head.field("location").empty()) {
        end_.redirect_to = head.field("location");
        return stop({}, "redirect");
    }
    if (!goal_.resumes) {
        if (head.status != 200)
            return stop(errc::media_unavailable, "status " + std::to_string(head.status));
        if (head.content_length().value_or(0) > goal_.max_bytes)
            return stop(errc::post_too_large, "too large");
        validator_ = content_validator(head);
        return true;
    }
    switch (validator_.judge(head, sink_->size())) {
    case content_validator::verdict::continues: return true;
    case content_validator::verdict::repeats: to_compare_ = sink_->size(); return true;
    case content_validator::verdict::differs: break;
    }
    return stop(errc::media_unavailable, "not the same file, status " + std::to_string(head.status));
}

net::flow fetch_attempt::on_data(std::span<const char> bytes)
{
    if (must_pause())
        return net::flow::pause;
    return take(bytes) ? net::flow::go_on : net::flow::stop;
}

bool fetch_attempt::must_pause()
{
    const bool has_room = sink_->has_room();
    const std::lock_guard lock(mutex_);
    if (news_)
        return true;
    if (std::exchange(has_leave_, false) || has_room)
        return false;
    news_ = attempt_news{attempt_news::kind::wants_room, {}, 0};
    changed_.notify_all();
    return true;
}

bool fetch_attempt::take(std::span<const char> bytes)
{
    if (repeated_ < to_compare_) {
        const auto known = bytes.first(std::min<std::uint64_t>(bytes.size(), to_compare_ - repeated_));
        if (!sink_->equals(repeated_, known))
            return stop(errc::media_unavailable, "not the same bytes");
        repeated_ += known.size();
        bytes = bytes.subspan(known.size());
    }
    if (!goal_.resumes && !validator_.total())
        boxes_.take(bytes);
    if (const auto learned = take_learned(); learned && !follow(opening_.learn(*learned)))
        return false;
    return has_begun_ ? pass_on(bytes) : follow(opening_.take(bytes));
}

bool fetch_attempt::follow(opening::verdict found)
{
    switch (found) {
    case opening::verdict::open: return true;
    case opening::verdict::good: return begin();
    case opening::verdict::other:
        return stop(errc::media_unavailable, opening_.size() == 0 ? "empty" : "not the media that was expected");
    case opening::verdict::silent: end_.is_silent = true; return stop(errc::media_unavailable, "no sound track");
    case opening::verdict::waits_on_tail: break;
    }
    return ask_for_tail() || begin();
}

/// Whether the tail can be had without the rest.
bool fetch_attempt::ask_for_tail()
{
    const auto tail = opening_.tail_begin();
    const auto total = validator_.total();
    if (!validator_.can_resume() || !tail || *tail >= *total || *total - *tail > longest_tail)
        return false;
    const std::lock_guard lock(mutex_);
    news_ = attempt_news{attempt_news::kind::wants_tail, {}, *tail};
    changed_.notify_all();
    return true;
}

bool fetch_attempt::begin()
{
    if (opening_.size() > goal_.max_bytes)
        return stop(errc::post_too_large, "too large");
    has_begun_ = true;
    sink_->begin(opening_.type(), validator_.total());
    const std::string held = opening_.release();
    return pass_on(held);
}

bool fetch_attempt::pass_on(std::span<const char> bytes)
{
    if (bytes.empty())
        return true;
    if (sink_->size() + bytes.size() > goal_.max_bytes)
        return stop(errc::post_too_large, "too large");
    if (const auto appended = sink_->append(bytes); !appended)
        return stop(appended.error(), appended.error().message());
    return true;
}

/// Whether a file that has arrived completely, as far as HTTP can tell, is all there. A known size has been compared.
bool fetch_attempt::is_whole() const
{
    return goal_.resumes || validator_.total() || !opening_.is_mp4() || boxes_.is_whole();
}

bool fetch_attempt::finish()
{
    const auto found = has_begun_ ? opening::verdict::good : opening_.end();
    if (!is_whole())
        return stop(errc::media_unavailable, "cut off inside a box");
    return has_begun_ || follow(found);
}

void fetch_attempt::on_end(net::transfer_end end, std::string_view detail)
{
    if (end == net::transfer_end::complete && !finish())
        end = net::transfer_end::stopped;
    const std::lock_guard lock(mutex_);
    end_.transfer = end;
    end_.was_cut_off = opening_.size() > 0 && (end == net::transfer_end::broken || end == net::transfer_end::timed_out);
    if (end_.detail.empty())
        end_.detail = detail;
    news_ = attempt_news{attempt_news::kind::ended, end_, 0};
    changed_.notify_all();
}

boost::asio::awaitable<attempt_news> fetch_attempt::wait()
{
    std::unique_lock lock(mutex_);
    while (!news_)
        co_await changed_.wait(lock);
    co_return *news_;
}

void fetch_attempt::let_on()
{
    const std::lock_guard lock(mutex_);
    has_leave_ = true;
    see_to();
}

void fetch_attempt::learn(sound_track found)
{
    const std::lock_guard lock(mutex_);
    learned_ = found;
    see_to();
}

std::optional<sound_track> fetch_attempt::take_learned()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(learned_, std::nullopt);
}

/// The end is no question that could be answered.
void fetch_attempt::see_to()
{
    if (news_ && news_->what != attempt_news::kind::ended)
        news_.reset();
}

} // namespace ttsave::media
