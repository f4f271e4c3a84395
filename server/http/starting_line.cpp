#include "http/starting_line.hpp"

namespace ttsave::http {

std::shared_ptr<void> starting_line::stand()
{
    const std::lock_guard lock(mutex_);
    ++standing_;
    return {this, [](starting_line* line) { line->leave(); }};
}

void starting_line::leave()
{
    const std::lock_guard lock(mutex_);
    if (standing_-- == most_)
        changed_.notify_all();
}

boost::asio::awaitable<void> starting_line::room()
{
    std::unique_lock lock(mutex_);
    while (standing_ >= most_)
        co_await changed_.wait(lock);
}

} // namespace ttsave::http
