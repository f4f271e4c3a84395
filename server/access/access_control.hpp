#pragma once

// Whether a client may have a delivery.

#include "access/delivery_places.hpp"
#include "access/key_ring.hpp"
#include "access/rate_limiter.hpp"

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::access {

struct access_options {
    std::uint32_t rate_limit_per_min = 0;        ///< of each key or else client address; 0: none
    std::size_t max_deliveries_per_client = 100; ///< of each key or else client address, at a time
};

/// Who asks.
struct visitor {
    boost::asio::ip::address address;
    std::vector<std::string> secrets; ///< any of which may be a key; never logged
};

enum class decision {
    admitted,
    not_authenticated, ///< there are keys, and the visitor has shown none that may be used from its address
    rate_exceeded,
    too_many_deliveries,
};

struct judgement {
    decision made{};
    std::string key_name;              ///< of the key that was shown, if any
    std::optional<rate_standing> rate; ///< where a limit applies
    std::shared_ptr<void> delivery;    ///< counts as one of the client's until its last owner is gone
};

/// Thread-safe. Must outlive its judgements.
class access_control {
public:
    explicit access_control(access_options options);

    /// From now on these count; who is served already is not affected.
    void limit(access_options options);

    /// From now on only who shows one of `keys` is admitted.
    void require(key_ring keys);

    /// A client without a key counts by its address, in IPv6 by its /64, within which it may choose at will. So does
    /// one who is not authenticated, so that keys cannot be tried out faster than requests may come.
    judgement judge(const visitor& asking);

    /// Judges who wants to look at the server itself, which costs nothing and is not limited: but for those who are not
    /// authenticated, as above.
    judgement judge_look(const visitor& asking);

private:
    std::shared_ptr<const key_ring> keys() const;

    std::atomic<std::uint32_t> rate_limit_per_min_;
    mutable std::mutex mutex_;             // guards the keys
    std::shared_ptr<const key_ring> keys_; // null: everybody is admitted
    rate_limiter rates_;
    delivery_places places_;
};

} // namespace ttsave::access
