#pragma once

// How ffmpeg is told to do the steps of a slideshow. Pure functions.

#include "media/ffmpeg.hpp"
#include "media/image_header.hpp"
#include "media/media_type.hpp"
#include "media/photo_filter.hpp"
#include "media/slideshow_plan.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ttsave::media {

/// One picture of H.264, as still_picture reads it, into `into`.
ffmpeg_job encode_photo_job(int photo, const media_type& type, const std::optional<image_header>& header,
                            pixel_size canvas, slideshow_background behind, int into);

/// The first `longest` of a sound as ADTS into `into`, copied (which fails for what is not AAC) or encoded. The job's
/// output tells its length: read_progress_time.
ffmpeg_job convert_sound_job(int sound, const media_type& type, std::chrono::microseconds longest, bool copies,
                             int into);

/// How long what a job with progress output has written plays; zero when the output does not say.
std::chrono::microseconds read_progress_time(std::string_view output);

/// Pictures (H.264) and sound (ADTS, repeated as often as needed; -1 for none) as an MP4 of `frames` frames, its index
/// in front, into `into`. Nothing is encoded.
ffmpeg_job join_job(int pictures, int sound, std::uint64_t frames, int into);

/// One picture like those of encode_photo_job, from nothing to standard output; and a moment of silence as AAC to
/// nowhere.
ffmpeg_job rehearsal_job();

} // namespace ttsave::media
