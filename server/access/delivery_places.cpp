#include "access/delivery_places.hpp"

namespace ttsave::access {

std::shared_ptr<void> delivery_places::take(const std::string& client)
{
    const std::lock_guard lock(mutex_);
    const auto own = taken_.try_emplace(client).first;
    if (own->second >= most_)
        return nullptr;
    ++own->second;
    return {this, [client](delivery_places* owner) { owner->give_back(client); }};
}

void delivery_places::set_most(std::size_t most)
{
    const std::lock_guard lock(mutex_);
    most_ = most;
}

void delivery_places::give_back(const std::string& client)
{
    const std::lock_guard lock(mutex_);
    const auto own = taken_.find(client);
    if (--own->second == 0)
        taken_.erase(own);
}

} // namespace ttsave::access
