#include "http/drain.hpp"

namespace ttsave::http {

void drain::begin()
{
    const std::lock_guard lock(mutex_);
    has_begun_ = true;
}

bool drain::has_begun() const
{
    const std::lock_guard lock(mutex_);
    return has_begun_;
}

void drain::change(int by)
{
    const std::lock_guard lock(mutex_);
    active_ += static_cast<std::size_t>(by);
    if (active_ == 0)
        changed_.notify_all();
}

void drain::give_up()
{
    const std::lock_guard lock(mutex_);
    has_given_up_ = true;
    changed_.notify_all();
}

boost::asio::awaitable<bool> drain::wait(async_condition::clock::time_point deadline)
{
    std::unique_lock lock(mutex_);
    while (active_ > 0 && !has_given_up_)
        if (!co_await changed_.wait(lock, deadline))
            break;
    co_return active_ == 0;
}

} // namespace ttsave::http
