#pragma once

// Decides whether a later response continues the file that an earlier one began. No I/O.

#include "net/transfer_engine.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ttsave::media {

/// What the first response told of the file as a whole; what every later one is held against.
class content_validator {
public:
    content_validator() = default;
    /// Remembers the validators (RFC 9110 section 8.8) and the length of a 200 response.
    explicit content_validator(const net::response_head& first);

    /// The complete length in bytes, when it was told.
    std::optional<std::uint64_t> total() const { return total_; }

    /// Whether any later response could be recognised as the same file.
    bool can_resume() const { return total_ && !(etag_.empty() && last_modified_.empty()); }

    /// A header line that makes the server send a range only of the same file (RFC 9110 section 13.1.5), or empty
    /// when there is no strong validator to name.
    std::string if_range_line() const;

    enum class verdict {
        continues, ///< 206 that begins exactly at the offset asked for, of the same file
        repeats,   ///< 200 with what looks like the same file from its start
        differs,   ///< another file, or no way to know
    };

    /// Judges the answer to a request for the bytes from `offset` on. Strict: with no length, or when a validator
    /// that the first response had is missing or another one, the answer differs; two files are never glued.
    verdict judge(const net::response_head& later, std::uint64_t offset) const;

private:
    bool has_same_validators(const net::response_head& later) const;

    std::string etag_;
    std::string last_modified_;
    std::optional<std::uint64_t> total_;
};

} // namespace ttsave::media
