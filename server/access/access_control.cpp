#include "access/access_control.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace ttsave::access {

namespace {

/// What one customer of a provider has of its addresses.
constexpr unsigned own_prefix = 64;

std::string name_of(const boost::asio::ip::address& address)
{
    return (address.is_v6() ? truncated(address, own_prefix) : address).to_string();
}

/// The key among what the visitor shows; null without one that it may use.
const api_key* find_key(const key_ring& keys, const visitor& asking)
{
    for (const auto& secret : asking.secrets) {
        const auto* const found = keys.find(secret);
        if (!found)
            continue;
        if (found->allowed_networks.empty() || contains(found->allowed_networks, asking.address))
            return found;
        spdlog::warn("the key {} is not to be used from {}", found->name, asking.address.to_string());
    }
    return nullptr;
}

} // namespace

access_control::access_control(access_options options)
    : rate_limit_per_min_(options.rate_limit_per_min), places_(options.max_deliveries_per_client)
{
}

void access_control::limit(access_options options)
{
    rate_limit_per_min_ = options.rate_limit_per_min;
    places_.set_most(options.max_deliveries_per_client);
}

void access_control::require(key_ring keys)
{
    auto next = std::make_shared<const key_ring>(std::move(keys));
    const std::lock_guard lock(mutex_);
    keys_.swap(next);
}

std::shared_ptr<const key_ring> access_control::keys() const
{
    const std::lock_guard lock(mutex_);
    return keys_;
}

judgement access_control::judge(const visitor& asking)
{
    judgement found;
    const auto ring = keys();
    const auto* const key = ring ? find_key(*ring, asking) : nullptr;
    if (key)
        found.key_name = key->name;
    // No address is a name with this in front.
    const std::string client = key ? "key " + key->name : name_of(asking.address);
    const std::uint32_t usual = rate_limit_per_min_;
    const auto per_minute = key ? key->rate_limit_per_min.value_or(usual) : usual;
    if (per_minute > 0)
        found.rate = rates_.count(client, per_minute);
    if (found.rate && !found.rate->is_within)
        found.made = decision::rate_exceeded;
    else if (ring && !key)
        found.made = decision::not_authenticated;
    else if (!(found.delivery = places_.take(client)))
        found.made = decision::too_many_deliveries;
    return found;
}

judgement access_control::judge_look(const visitor& asking)
{
    judgement found;
    const auto ring = keys();
    if (!ring)
        return found;
    if (const auto* const key = find_key(*ring, asking)) {
        found.key_name = key->name;
        return found;
    }
    found.made = decision::not_authenticated;
    const std::uint32_t per_minute = rate_limit_per_min_;
    if (per_minute > 0)
        found.rate = rates_.count(name_of(asking.address), per_minute);
    if (found.rate && !found.rate->is_within)
        found.made = decision::rate_exceeded;
    return found;
}

} // namespace ttsave::access
