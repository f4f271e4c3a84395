#include "media/slideshow_plan.hpp"

#include <algorithm>

namespace ttsave::media {
namespace {

constexpr std::uint64_t longest_side = 1920;
constexpr std::uint64_t longest_short_side = 1080;
constexpr std::uint64_t shortest_canvas_side = 64;

enum class orientation { portrait, landscape, square };

orientation orientation_of(const pixel_size& size)
{
    if (size.width == size.height)
        return orientation::square;
    return size.width < size.height ? orientation::portrait : orientation::landscape;
}

/// `value` times `numerator` / `denominator`, rounded to the nearest even number.
std::uint64_t scaled_to_even(std::uint64_t value, std::uint64_t numerator, std::uint64_t denominator)
{
    return (value * numerator + denominator) / (2 * denominator) * 2;
}

std::uint32_t side(std::uint64_t value, std::uint64_t least, std::uint64_t most)
{
    return static_cast<std::uint32_t>(std::clamp(value, least, most));
}

/// The most common of `values`, the earliest of equally common ones.
template <typename Value>
Value most_common(const std::vector<Value>& values)
{
    const auto is_less_common = [&](const Value& one, const Value& other) {
        return std::count(values.begin(), values.end(), one) < std::count(values.begin(), values.end(), other);
    };
    return *std::max_element(values.begin(), values.end(), is_less_common);
}

pixel_size shrunk(const pixel_size& size)
{
    const std::uint64_t long_side = std::max(size.width, size.height);
    const std::uint64_t short_side = std::min(size.width, size.height);
    std::uint64_t numerator = 1;
    std::uint64_t denominator = 1;
    if (long_side > longest_side) {
        numerator = longest_side;
        denominator = long_side;
    }
    if (short_side * numerator > longest_short_side * denominator) {
        numerator = longest_short_side;
        denominator = short_side;
    }
    return {side(scaled_to_even(size.width, numerator, denominator), shortest_canvas_side, longest_side),
            side(scaled_to_even(size.height, numerator, denominator), shortest_canvas_side, longest_side)};
}

} // namespace

pixel_size choose_canvas(std::span<const pixel_size> photos)
{
    std::vector<orientation> orientations;
    for (const auto& photo : photos)
        orientations.push_back(orientation_of(photo));
    const auto wanted = most_common(orientations);
    std::vector<pixel_size> candidates;
    for (const auto& photo : photos)
        if (orientation_of(photo) == wanted)
            candidates.push_back(shrunk(photo));
    return most_common(candidates);
}

pixel_size fit(pixel_size photo, pixel_size canvas)
{
    const bool is_wider =
        std::uint64_t{photo.width} * canvas.height > std::uint64_t{canvas.width} * photo.height; // than the canvas
    const std::uint64_t numerator = is_wider ? canvas.width : canvas.height;
    const std::uint64_t denominator = is_wider ? photo.width : photo.height;
    return {side(scaled_to_even(photo.width, numerator, denominator), 2, canvas.width),
            side(scaled_to_even(photo.height, numerator, denominator), 2, canvas.height)};
}

std::vector<std::uint32_t> frames_per_photo(std::size_t count, std::chrono::microseconds sound,
                                            std::chrono::microseconds shortest, std::chrono::microseconds longest)
{
    constexpr std::uint64_t second = 1'000'000;
    const auto share = std::clamp(sound / static_cast<std::int64_t>(count), shortest, longest);
    const auto share_us = static_cast<std::uint64_t>(share.count());
    const auto frames_until = [&](std::uint64_t photos) {
        return (photos * share_us * slideshow_frame_rate + second / 2) / second;
    };
    std::vector<std::uint32_t> frames;
    for (std::uint64_t index = 0; index < count; ++index)
        frames.push_back(static_cast<std::uint32_t>(frames_until(index + 1) - frames_until(index)));
    return frames;
}

} // namespace ttsave::media
