#include "media/fetch_attempt.hpp"

#include <algorithm>
#include <utility>

namespace ttsave::media {

fetch_attempt::fetch_attempt(attempt_goal goal, std::shared_ptr<media_sink> sink)
    : goal_(std::move(goal)), sink_(std::move(sink)), has_begun_(goal_.resumes.has_value())
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
    if (std::exchange(has_leave_, false) || has_room)
        return false;
    wants_room_ = true;
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
    if (has_begun_)
        return pass_on(bytes);
    head_bytes_.append(bytes.data(), bytes.size());
    return head_bytes_.size() < recognisable_bytes || begin();
}

bool fetch_attempt::begin()
{
    const auto type = recognise_as(goal_.expected, head_bytes_);
    if (!type)
        return stop(errc::media_unavailable, head_bytes_.empty() ? "empty" : "not the media that was expected");
    has_begun_ = true;
    sink_->begin(*type, validator_.total());
    const std::string head = std::exchange(head_bytes_, {});
    return pass_on(head);
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

void fetch_attempt::on_end(net::transfer_end end, std::string_view detail)
{
    // A file of a few bytes has not been looked at yet.
    if (end == net::transfer_end::complete && !has_begun_ && !begin())
        end = net::transfer_end::stopped;
    const std::lock_guard lock(mutex_);
    end_.transfer = end;
    end_.was_cut_off =
        !head_bytes_.empty() && (end == net::transfer_end::broken || end == net::transfer_end::timed_out);
    if (end_.detail.empty())
        end_.detail = detail;
    has_ended_ = true;
    changed_.notify_all();
}

boost::asio::awaitable<std::optional<attempt_end>> fetch_attempt::wait()
{
    std::unique_lock lock(mutex_);
    while (!has_ended_ && !wants_room_)
        co_await changed_.wait(lock);
    if (has_ended_)
        co_return end_;
    co_return std::nullopt;
}

void fetch_attempt::let_on()
{
    const std::lock_guard lock(mutex_);
    wants_room_ = false;
    has_leave_ = true;
}

} // namespace ttsave::media
