#include "http/client_places.hpp"

namespace ttsave::http {

client_places::place::~place()
{
    const std::lock_guard lock(owner_.mutex_);
    owner_.withdraw(*this);
    if (!is_lost_)
        --owner_.taken_;
}

void client_places::place::offer()
{
    const std::lock_guard lock(owner_.mutex_);
    offered_ = owner_.on_offer_.insert(owner_.on_offer_.end(), this);
    is_on_offer_ = true;
}

bool client_places::place::keep()
{
    const std::lock_guard lock(owner_.mutex_);
    owner_.withdraw(*this);
    return !is_lost_;
}

boost::asio::awaitable<void> client_places::place::lost(async_condition::clock::time_point deadline)
{
    std::unique_lock lock(owner_.mutex_);
    while (!is_lost_)
        if (!co_await changed_.wait(lock, deadline))
            break;
}

std::unique_ptr<client_places::place> client_places::take()
{
    const std::lock_guard lock(mutex_);
    if (taken_ < most_) {
        ++taken_;
    } else {
        if (on_offer_.empty())
            return nullptr;
        // Its connection closes in a moment, on its own thread; until then there is one more than `most_`.
        place& idle = *on_offer_.front();
        withdraw(idle);
        idle.is_lost_ = true;
        idle.changed_.notify_all();
    }
    return std::make_unique<place>(*this);
}

/// With the mutex held.
void client_places::withdraw(place& offered)
{
    if (offered.is_on_offer_)
        on_offer_.erase(offered.offered_);
    offered.is_on_offer_ = false;
}

} // namespace ttsave::http
