#include "media/photo_filter.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

namespace ttsave::media {
namespace {

constexpr const char* to_video_colours = "out_color_matrix=bt709:out_range=tv";

/// How much smaller the background is while it is blurred: what is lost is what the blur takes away.
constexpr std::uint32_t background_shrink = 16;

/// EXIF 2.32 section 4.6.4, tag 0x0112, as the filters that undo it.
const char* turn(int orientation)
{
    switch (orientation) {
    case 2: return "hflip,";
    case 3: return "hflip,vflip,";
    case 4: return "vflip,";
    case 5: return "transpose=cclock_flip,";
    case 6: return "transpose=clock,";
    case 7: return "transpose=clock_flip,";
    case 8: return "transpose=cclock,";
    default: return "";
    }
}

/// The first frame of an animation in its place on a transparent canvas.
std::string place_frame(const image_header& header)
{
    const auto& frame = header.first_frame;
    if (!frame || (frame->width == header.width && frame->height == header.height))
        return "";
    return fmt::format("format=rgba,pad={}:{}:{}:{}:color=black@0,", header.width, header.height, frame->x, frame->y);
}

std::string scale_to_fit(const std::optional<image_header>& header, pixel_size canvas)
{
    if (!header)
        return fmt::format("scale={}:{}:force_original_aspect_ratio=decrease:force_divisible_by=2:{}", canvas.width,
                           canvas.height, to_video_colours);
    const auto size = fit({header->shown_width(), header->shown_height()}, canvas);
    return fmt::format("scale={}:{}:{}", size.width, size.height, to_video_colours);
}

std::string blurred(bool may_be_transparent, pixel_size canvas)
{
    const auto width = std::max(canvas.width / background_shrink / 2 * 2, 2u);
    const auto height = std::max(canvas.height / background_shrink / 2 * 2, 2u);
    // What is transparent counts as black, whatever colour hides in it.
    return fmt::format("{}scale={}:{}:force_original_aspect_ratio=increase:flags=area,crop={}:{},gblur=sigma=2,"
                       "scale={}:{}:flags=bilinear:{},format=yuv420p",
                       may_be_transparent ? "format=gbrap,premultiply=inplace=1,format=gbrp," : "", width, height,
                       width, height, canvas.width, canvas.height, to_video_colours);
}

} // namespace

std::string photo_filter(const std::optional<image_header>& header, pixel_size canvas, slideshow_background behind)
{
    const bool may_be_transparent = !header || header->may_be_transparent;
    std::string photo = "[0:v]setsar=1,";
    if (header)
        photo += place_frame(*header) + turn(header->orientation);
    const auto scaled = scale_to_fit(header, canvas);
    if (header && !may_be_transparent && fit({header->shown_width(), header->shown_height()}, canvas) == canvas)
        return photo + scaled + ",setsar=1,format=yuv420p";
    const std::string in_front = scaled + (may_be_transparent ? ",format=yuva420p" : ",format=yuv420p");
    const std::string together = "[back][photo]overlay=(W-w)/2:(H-h)/2:format=yuv420,setsar=1,format=yuv420p";
    if (behind == slideshow_background::black)
        return fmt::format("{}{}[photo];color=c=black:s={}x{},format=yuv420p[back];{}", photo, in_front, canvas.width,
                           canvas.height, together);
    return fmt::format("{}split[one][two];[one]{}[photo];[two]{}[back];{}", photo, in_front,
                       blurred(may_be_transparent, canvas), together);
}

} // namespace ttsave::media
