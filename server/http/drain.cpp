#include "http/drain.hpp"

namespace ttsave::http {

void drain::give_back()
{
    // Whoever waits has set has_begun_ before looking at active_: one of the two sees what the other has done.
    if (--active_ > 0 || !has_begun_)
        return;
    const std::lock_guard lock(mutex_);
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
