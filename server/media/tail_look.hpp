#pragma once

// A look at what stands behind the media of a file that has begun to arrive: its index, which tells of a sound track.

#include "core/async_condition.hpp"
#include "media/content_validator.hpp"
#include "media/mp4_reader.hpp"
#include "net/transfer_engine.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <mutex>

namespace ttsave::media {

/// Takes the answer to a request for the bytes of `file` from `begin` on. Called by the engine's thread; `wait` by the
/// fetching coroutine's.
class tail_look : public net::transfer_sink {
public:
    tail_look(content_validator file, std::uint64_t begin) : file_(std::move(file)), begin_(begin), tail_(begin) {}

    bool on_head(const net::response_head& head) override;
    net::flow on_data(std::span<const char> bytes) override;
    void on_end(net::transfer_end end, std::string_view detail) override;

    /// Returns what the tail tells; neither present nor absent when it could not be had, or was of another file.
    /// Cancellation: terminal.
    boost::asio::awaitable<sound_track> wait();

private:
    const content_validator file_;
    const std::uint64_t begin_;
    mp4_reader tail_; // the engine's thread only, until the end

    std::mutex mutex_;
    async_condition ended_;
    bool has_ended_ = false;
};

} // namespace ttsave::media
