#include "media/tail_look.hpp"

namespace ttsave::media {

bool tail_look::on_head(const net::response_head& head)
{
    return file_.judge(head, begin_) == content_validator::verdict::continues;
}

net::flow tail_look::on_data(std::span<const char> bytes)
{
    tail_.take(bytes);
    const auto found = tail_.sound();
    const bool may_tell_more = found == sound_track::unknown || found == sound_track::behind;
    return may_tell_more ? net::flow::go_on : net::flow::stop;
}

void tail_look::on_end(net::transfer_end, std::string_view)
{
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    ended_.notify_all();
}

boost::asio::awaitable<sound_track> tail_look::wait()
{
    std::unique_lock lock(mutex_);
    while (!has_ended_)
        co_await ended_.wait(lock);
    co_return tail_.sound();
}

} // namespace ttsave::media
