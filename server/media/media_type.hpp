#pragma once

// Recognises media by their leading bytes: the only thing about a download that is believed. Pure functions.

#include <cstddef>
#include <optional>
#include <string_view>

namespace ttsave::media {

enum class media_class { video, image, audio };

/// A recognised format.
struct media_type {
    media_class kind;
    std::string_view mime;      ///< for Content-Type
    std::string_view extension; ///< without the dot
};

/// Enough leading bytes to recognise every format below.
inline constexpr std::size_t recognisable_bytes = 16;

/// The format whose signature `head` (at least recognisable_bytes, or the whole file if it is shorter) begins with:
/// MP4, MOV, WebM; JPEG, PNG, GIF, WebP, HEIC, AVIF; M4A, MP3, AAC, Ogg, WAV. Nothing for anything else, HTML and the
/// empty file among it.
std::optional<media_type> recognise(std::string_view head);

/// As `recognise`, of a file that is to be of class `expected`; nothing when it is of another. An MP4 whose brand does
/// not tell what is in it counts as M4A where sound is expected.
std::optional<media_type> recognise_as(media_class expected, std::string_view head);

/// The format with this extension; nothing for one that `recognise` never tells.
std::optional<media_type> media_type_of(std::string_view extension);

} // namespace ttsave::media
