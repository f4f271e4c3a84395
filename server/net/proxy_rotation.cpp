#include "net/proxy_rotation.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace ttsave::net {

void proxy_rotation::replace(std::vector<listed_proxy> proxies)
{
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::shared_ptr<proxy>> before;
    for (const auto& each : proxies_)
        before.emplace(each->url().text(), each);
    std::vector<std::shared_ptr<proxy>> made;
    for (auto& each : proxies) {
        const auto known = before.find(each.url.text());
        made.push_back(known == before.end() ? std::make_shared<proxy>(std::move(each))
                                             : std::make_shared<proxy>(std::move(each), *known->second));
    }
    proxies_ = std::move(made);
    turn_ = 0;
}

route proxy_rotation::choose(clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    auto chosen = next(nullptr, now);
    return chosen ? route(std::move(chosen), now) : route::direct();
}

std::optional<route> proxy_rotation::choose_other(const route& unwanted, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    auto chosen = unwanted.through() ? next(unwanted.through(), now) : nullptr;
    return chosen ? std::optional(route(std::move(chosen), now)) : std::nullopt;
}

std::shared_ptr<proxy> proxy_rotation::next(const proxy* unwanted, clock::time_point now)
{
    std::shared_ptr<proxy> found;
    auto found_rests_until = clock::time_point::max();
    std::size_t place = 0;
    for (std::size_t step = 0; step < proxies_.size(); ++step) {
        const auto& each = proxies_[(turn_ + step) % proxies_.size()];
        if (unwanted && each->url().text() == unwanted->url().text())
            continue;
        const auto rests_until = std::max(each->rests_until(), now);
        if (!found || rests_until < found_rests_until) {
            found = each;
            found_rests_until = rests_until;
            place = turn_ + step;
        }
        if (rests_until <= now)
            break;
    }
    if (found)
        turn_ = (place + 1) % proxies_.size();
    return found;
}

} // namespace ttsave::net
