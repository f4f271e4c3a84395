#pragma once

// Tells accidental damage of bytes. No protection against forgery.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

struct XXH3_state_s;

namespace ttsave {

/// XXH3, 64 bits (xxhash), of bytes that come in pieces. Not thread-safe.
class checksum {
public:
    checksum();

    void add(std::span<const char> bytes);

    /// Of all that has been added, as 16 lower-case hexadecimal digits.
    std::string text() const;

private:
    struct deleter {
        void operator()(XXH3_state_s* state) const noexcept;
    };
    std::unique_ptr<XXH3_state_s, deleter> state_;
};

} // namespace ttsave
