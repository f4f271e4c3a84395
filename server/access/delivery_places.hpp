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

    /// Places that are taken stay so, even if they are more than that.
    void set_most(std::size_t most);

private:
    void give_back(const std::string& client);

    std::mutex mutex_; // guards what follows
    std::size_t most_;
    std::map<std::string, std::size_t> taken_; // by those who have any
};

} // namespace ttsave::access
