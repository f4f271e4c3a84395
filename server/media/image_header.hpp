#pragma once

// Reads an image's size, orientation and possible transparency from its leading bytes, without decoding anything: the
// bytes are untrusted, and the decoder runs in a limited process of its own. Pure functions, safe on any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ttsave::media {

/// Where the first frame of an animated WebP lies, so that it can be made a still WebP of its own (RFC 9649 section
/// 2.7.1.1, chunk ANMF).
struct webp_frame {
    std::uint64_t offset = 0; ///< of the frame's data (chunks ALPH, VP8, VP8L inside ANMF), bytes from the file's start
    std::uint64_t size = 0;   ///< of that data in bytes, without padding; it may lie beyond the given bytes
    std::uint32_t x = 0;      ///< the frame's place on the canvas, in pixels; the frame lies wholly within the canvas
    std::uint32_t y = 0;
    std::uint32_t width = 0; ///< at least 1
    std::uint32_t height = 0;
};

/// What an image says of itself. None of it is proven: a decoder may find other sizes, and needs its own limits.
struct image_header {
    std::uint32_t width = 0; ///< pixels as stored, before the orientation is applied; at least 1
    std::uint32_t height = 0;
    int orientation = 1;             ///< EXIF 2.32 section 4.6.4, tag 0x0112: 1 to 8; 1 when absent or out of range
    bool may_be_transparent = false; ///< true for every GIF; also when an animation's first frame leaves canvas bare
    std::optional<webp_frame> first_frame; ///< of an animated WebP, unless it contradicts the format

    /// Pixels as shown: orientations 5 to 8 exchange width and height.
    std::uint32_t shown_width() const { return orientation > 4 ? height : width; }
    std::uint32_t shown_height() const { return orientation > 4 ? width : height; }
};

/// The header of the JPEG, PNG, GIF or WebP image that `head` begins with. `head` need not be the whole file: an
/// orientation, a tRNS chunk or a frame that lies beyond it counts as absent. Nothing when the format is another one
/// (HEIC and AVIF among them), or when the dimensions are 0 or not within `head`. Takes time linear in `head`.
std::optional<image_header> read_image_header(std::string_view head);

/// The bytes that make a still WebP file of `frame`'s data when put in front of it (RFC 9649 sections 2.5 to 2.7),
/// where `frame` comes from read_image_header and `fourcc` is the data's first four bytes. Data of odd size must be
/// followed by one zero byte, which the RIFF header counts already.
std::string still_webp_prefix(const webp_frame& frame, std::string_view fourcc);

} // namespace ttsave::media
