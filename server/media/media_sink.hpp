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
/// between transfers, from the fetching coroutine's; those of `has_room` and `room` may come at the same time.
class media_sink {
public:
    virtual ~media_sink() = default;

    /// The file has proved to be `type`; `total` is its size in bytes, when the source told it. Called at most once,
    /// before the first append.
    virtual void begin(const media_type& type, std::optional<std::uint64_t> total) = 0;

    /// Adds bytes at the end. Errors: storage_failed, and what else makes going on pointless.
    virtual result<void> append(std::span<const char> bytes) = 0;

    /// Whether append may be called now, with any number of bytes. While it may not, the transfer stands still: nothing
    /// of it is kept but what lies in the buffers of its connection. Thread-safe.
    virtual bool has_room() const { return true; }

    /// Returns once there is (or was) room, or when there never will be again (append then returns its error); one
    /// append may follow in any case. Called by the fetching coroutine, for as long as it is there. Cancellation:
    /// terminal.
    virtual boost::asio::awaitable<void> room() { co_return; }

    /// Whether the file's bytes from `offset` on, all of them already there, equal `bytes`.
    virtual bool equals(std::uint64_t offset, std::span<const char> bytes) const = 0;

    /// How many bytes have been added.
    virtual std::uint64_t size() const = 0;
};

} // namespace ttsave::media
