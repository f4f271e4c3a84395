#include "http/client_places.hpp"

namespace ttsave::http {

client_places::place::~place()
{
    const std::lock_guard lock(owner_.mutex_);
    owner_.places_.erase(own_);
    if (standing_ != standing::lost)
        --owner_.taken_;
}

void client_places::place::offer()
{
    offered_since_ = clock::now();
    standing_ = standing::offered;
}

bool client_places::place::keep()
{
    auto before = standing::offered;
    return standing_.compare_exchange_strong(before, standing::kept) || before == standing::kept;
}

bool client_places::place::lose()
{
    auto before = standing::offered;
    if (!standing_.compare_exchange_strong(before, standing::lost))
        return false;
    if (tell_)
        tell_();
    return true;
}

std::unique_ptr<client_places::place> client_places::take()
{
    const std::lock_guard lock(mutex_);
    while (taken_ >= most_)
        if (!take_longest_on_offer(std::chrono::milliseconds(0)))
            return nullptr;
    ++taken_;
    auto taken = std::make_unique<place>(*this);
    taken->own_ = places_.insert(places_.end(), taken.get());
    return taken;
}

void client_places::set_most(std::size_t most)
{
    const std::lock_guard lock(mutex_);
    most_ = most;
}

std::size_t client_places::most() const
{
    const std::lock_guard lock(mutex_);
    return most_;
}

std::size_t client_places::make_room(std::size_t most, std::chrono::milliseconds since)
{
    const std::lock_guard lock(mutex_);
    std::size_t made = 0;
    while (made < most && take_longest_on_offer(since))
        ++made;
    return made;
}

/// With the mutex held. The connection that loses its place closes in a moment, on its own thread; until then there is
/// one more than `most_`.
bool client_places::take_longest_on_offer(std::chrono::milliseconds since)
{
    const auto latest = place::clock::now() - since;
    for (;;) {
        place* longest = nullptr;
        for (auto* const each : places_)
            if (each->standing_ == place::standing::offered && each->offered_since_.load() <= latest &&
                (!longest || each->offered_since_.load() < longest->offered_since_.load()))
                longest = each;
        if (!longest)
            return false;
        if (longest->lose()) {
            --taken_;
            return true;
        }
    }
}

std::size_t client_places::taken() const
{
    const std::lock_guard lock(mutex_);
    return taken_;
}

} // namespace ttsave::http
