#pragma once

// Finds out whether the ffmpeg that is there can do what a slideshow needs of it.

#include "media/ffmpeg.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>

namespace ttsave::media {

/// Thread-safe.
class ffmpeg_rehearsal {
public:
    explicit ffmpeg_rehearsal(ffmpeg& encoder) : ffmpeg_(encoder) {}

    /// Whether ffmpeg was there and able when it was last looked at; false before that.
    bool has_succeeded() const { return has_succeeded_; }

    /// Has ffmpeg make a picture and a sound like those of a slideshow, unless it has done so before: one that is
    /// missing is looked for again each time. What is wrong is logged. Cancellation: terminal.
    boost::asio::awaitable<bool> succeeds();

    /// Makes `succeeds` look again.
    void forget() { has_succeeded_ = false; }

private:
    ffmpeg& ffmpeg_;
    std::atomic<bool> has_succeeded_ = false;
};

} // namespace ttsave::media
