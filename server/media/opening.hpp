#pragma once

// The first bytes of a file, held back until enough is known of it to begin. No I/O.

#include "media/media_type.hpp"
#include "media/mp4_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ttsave::media {

/// Decides whether a file is what is expected: media of that class and, where that is asked for, a video with a sound
/// track. Of a video that is no MP4, or does not tell before too much of it is held back, the latter is believed.
class opening {
public:
    /// As much is held back at most, and what was given last. The index of an hour of video takes less.
    static constexpr std::size_t most_held_back = 8 * 1024 * 1024;

    enum class verdict {
        open,          ///< more bytes will tell
        good,          ///< it may begin
        other,         ///< it is not the media that were expected
        silent,        ///< it is a video without a sound track
        waits_on_tail, ///< only what stands behind the media will tell: `learn` it, or begin
    };

    opening(media_class expected, bool wants_sound) : expected_(expected), wants_sound_(wants_sound) {}

    /// Adds bytes; to be called for as long as the verdict is open.
    verdict take(std::span<const char> bytes);
    /// There are no more bytes. Never open, nor waits_on_tail.
    verdict end();
    /// What a look at the tail has told.
    verdict learn(sound_track found) const;

    /// Where the tail begins that it waits on, when that is known.
    std::optional<std::uint64_t> tail_begin() const;
    /// Valid once the verdict has been anything but open or other.
    const media_type& type() const { return *type_; }
    bool is_mp4() const { return is_mp4_; }
    std::size_t size() const { return held_.size(); }
    /// Hands over what has been held back.
    std::string release();

private:
    verdict recognise();
    verdict judge() const;

    const media_class expected_;
    const bool wants_sound_;
    std::string held_;
    std::optional<media_type> type_;
    bool is_mp4_ = false;
    mp4_reader boxes_;
};

} // namespace ttsave::media
