// media/image_header.hpp: what an image says of itself stays within what can be.

#include "media/image_header.hpp"

#include "require.hpp"
#include "targets.hpp"

#include <cstdint>
#include <string>

namespace ttsave::fuzz {
namespace {

void check_frame(const media::image_header& header, const media::webp_frame& frame, std::string_view bytes)
{
    require(frame.width >= 1 && frame.height >= 1, "a frame has a picture");
    require(std::uint64_t{frame.x} + frame.width <= header.width &&
                std::uint64_t{frame.y} + frame.height <= header.height,
            "a frame lies within its canvas");
    require(frame.offset + frame.size <= UINT32_MAX, "RIFF counts in 32 bits");
    if (frame.offset + 4 > bytes.size())
        return;
    const std::string data(bytes.substr(frame.offset, frame.size));
    const std::string fourcc = data.substr(0, 4);
    const auto still = media::read_image_header(media::still_webp_prefix(frame, fourcc) + data);
    if (fourcc == "ALPH")
        require(still && still->width == frame.width && still->height == frame.height,
                "a still image is as large as its frame");
    if (fourcc == "ALPH" || fourcc == "VP8 " || fourcc == "VP8L") // what a frame consists of
        require(!still || !still->first_frame, "a still image has no frames");
}

} // namespace

void image_header(std::string_view bytes)
{
    const auto header = media::read_image_header(bytes);
    if (!header)
        return;
    require(header->width >= 1 && header->height >= 1, "an image has a size");
    require(header->orientation >= 1 && header->orientation <= 8, "there are eight orientations");
    require(header->shown_width() == (header->orientation > 4 ? header->height : header->width),
            "a turned image exchanges its sides");
    if (header->first_frame)
        check_frame(*header, *header->first_frame, bytes);
}

} // namespace ttsave::fuzz
