#pragma once

// How many deliveries each client may have at a time.

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace ttsave::access {

/// Thread-safe. Must outlive its places.
class delivery_places {
public:
    explicit delivery_places(std::size_t most) : most_(most) {}

    /// A place of `client`, given back with its last owner; null when it has as many as it may.
    std::shared_ptr<void> take(const std::string& client);

private:
    void give_back(const std::string& client);

    const std::size_t most_;
    std::mutex mutex_;
    std::map<std::string, std::size_t> taken_; // by those who have any
};

} // namespace ttsave::access
