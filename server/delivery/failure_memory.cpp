#include "delivery/failure_memory.hpp"

#include <algorithm>
#include <array>

namespace ttsave::delivery {

namespace {

/// Some hundred bytes each.
constexpr std::size_t most_remembered = 10'000;

} // namespace

failure_memory::failure_memory(std::chrono::seconds ttl) : failures_(ttl, most_remembered) {}

void failure_memory::remember(const std::string& key, const error_code& failure)
{
    constexpr std::array own{errc::post_private,     errc::post_unavailable, errc::post_login_required,
                             errc::post_unsupported, errc::post_too_large,   errc::media_broken};
    if (std::find(own.begin(), own.end(), failure) != own.end())
        failures_.put(key, failure);
}

} // namespace ttsave::delivery
