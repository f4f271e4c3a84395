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
    if (taken_ >= most_ && !make_room())
        return nullptr;
    ++taken_;
    auto taken = std::make_unique<place>(*this);
    taken->own_ = places_.insert(places_.end(), taken.get());
    return taken;
}

/// With the mutex held. The connection that loses its place closes in a moment, on its own thread; until then there is
/// one more than `most_`.
bool client_places::make_room()
{
    for (;;) {
        place* longest = nullptr;
        for (auto* const each : places_)
            if (each->standing_ == place::standing::offered &&
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

} // namespace ttsave::http
