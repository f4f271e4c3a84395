#pragma once

// Where a fetched file goes. Implemented above this room (delivery/growing_file).

#include "core/errc.hpp"
#include "media/media_type.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace ttsave::media {

/// Takes one file, from its first byte to its last. Calls come one at a time, from the transfer engine's thread or,
/// between transfers, from the fetching coroutine's.
class media_sink {
public:
    virtual ~media_sink() = default;

    /// The file has proved to be `type`; `total` is its size in bytes, when the source told it. Called at most once,
    /// before the first append.
    virtual void begin(const media_type& type, std::optional<std::uint64_t> total) = 0;

    /// Whether `append` may be called now.
    virtual bool has_room() const { return true; }

    /// Returns once `has_room` is or was true, or when there never will be room again: `append` tells why then.
    /// Cancellation: terminal.
    virtual boost::asio::awaitable<void> room() { co_return; }

    /// Adds bytes at the end. Errors: storage_failed, and what else makes going on pointless.
    virtual result<void> append(std::span<const char> bytes) = 0;

    /// Whether the file's bytes from `offset` on, all of them already there, equal `bytes`.
    virtual bool equals(std::uint64_t offset, std::span<const char> bytes) const = 0;

    /// How many bytes have been added.
    virtual std::uint64_t size() const = 0;
};

} // namespace ttsave::media
