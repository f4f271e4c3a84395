#pragma once

// How ffmpeg makes a picture of the video out of a photo. Pure.

#include "media/image_header.hpp"
#include "media/slideshow_plan.hpp"

#include <optional>
#include <string>

namespace ttsave::media {

/// What is behind a photo that does not fill the picture.
enum class slideshow_background {
    blur, ///< the photo itself, enlarged and blurred
    black,
};

/// The filter graph (ffmpeg-filters) that turns the first input into a picture of `canvas`: the photo turned as its
/// EXIF orientation says, scaled to fit, centred, never cropped nor stretched, BT.709 in limited range. `header` is
/// nothing for formats that only the decoder understands; the graph then finds the size by itself.
std::string photo_filter(const std::optional<image_header>& header, pixel_size canvas, slideshow_background behind);

} // namespace ttsave::media
