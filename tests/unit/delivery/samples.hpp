#pragma once

// What the deliveries of these tests hold.

#include "media/media_type.hpp"

#include <string>

namespace ttsave::delivery {

inline constexpr media::media_type jpeg{media::media_class::image, "image/jpeg", "jpg"};
inline const std::string marker = "--simple_boundary";

} // namespace ttsave::delivery
