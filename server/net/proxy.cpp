#include "net/proxy.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace ttsave::net {
namespace {

std::chrono::seconds rest_after(int failures)
{
    constexpr int doublings = 6; // beyond the longest rest
    return std::min(proxy::first_rest * (1 << std::min(failures - 1, doublings)), proxy::longest_rest);
}

} // namespace

proxy::proxy(listed_proxy about) : about_(std::move(about)) {}

proxy::proxy(listed_proxy about, const proxy& before) : about_(std::move(about)), known_(before.now_known()) {}

proxy::record proxy::now_known() const
{
    const std::lock_guard lock(mutex_);
    return known_;
}

proxy::clock::time_point proxy::rests_until() const
{
    return now_known().rests_until;
}

void proxy::failed(std::string_view why, clock::time_point now)
{
    std::chrono::seconds rest{};
    {
        const std::lock_guard lock(mutex_);
        known_.last_failure = now;
        if (now < known_.rests_until)
            return;
        rest = rest_after(++known_.failures);
        known_.rest_began = now;
        known_.rests_until = now + rest;
    }
    spdlog::warn("proxy {} rests for {} s: {}", name(), rest.count(), why);
}

void proxy::worked(clock::time_point begin)
{
    {
        const std::lock_guard lock(mutex_);
        if (known_.failures == 0 || begin < known_.rest_began)
            return;
        known_.failures = 0;
        known_.rests_until = clock::time_point::min();
    }
    spdlog::info("proxy {} works again", name());
}

bool proxy::has_failed_since(clock::time_point begin) const
{
    return now_known().last_failure >= begin;
}

} // namespace ttsave::net
