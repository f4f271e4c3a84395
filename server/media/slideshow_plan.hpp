#pragma once

// How a slideshow looks: the size of its picture, where a photo stands in it, and for how long. Pure functions.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ttsave::media {

/// In pixels, both at least 1.
struct pixel_size {
    std::uint32_t width = 0;
    std::uint32_t height = 0;

    bool operator==(const pixel_size&) const = default;
};

/// Frames a second. Repeated pictures cost next to nothing, and this is a rate that everything plays.
inline constexpr std::uint32_t slideshow_frame_rate = 25;

/// The picture size for photos that are shown in these sizes (at least one): the most common size of the most common
/// orientation, the earliest of equally common ones; shrunk until the long side is at most 1920 and the short one at
/// most 1080; even, and at least 64 each way.
pixel_size choose_canvas(std::span<const pixel_size> photos);

/// The largest size of the same shape as `photo` that fits `canvas`; even, at least 2 each way.
pixel_size fit(pixel_size photo, pixel_size canvas);

/// How many frames each of `count` (at least 1) photos is shown for: an equal share of the sound, but not less than
/// `shortest` nor more than `longest`; `shortest` where the sound is zero (there is none). Shares differ by one frame
/// where that makes their sum fit the whole.
std::vector<std::uint32_t> frames_per_photo(std::size_t count, std::chrono::microseconds sound,
                                            std::chrono::microseconds shortest, std::chrono::microseconds longest);

} // namespace ttsave::media
