// media/still_picture.hpp: pictures that repeat one are well-formed NAL units (ITU-T H.264 section 7.4.1).

#include "media/still_picture.hpp"

#include "require.hpp"
#include "targets.hpp"

#include <cstdint>
#include <string>

namespace ttsave::fuzz {
namespace {

using namespace std::literals;

constexpr auto start_code = "\0\0\0\1"sv;

void check_repetition(std::string_view nal)
{
    require(nal.starts_with(start_code), "a picture begins with a start code");
    nal.remove_prefix(start_code.size());
    require(nal.starts_with('\x41') && nal.size() > 1 && !nal.ends_with('\0'), "a picture is one that others refer to");
    for (const auto forbidden : {"\0\0\0"sv, "\0\0\1"sv, "\0\0\2"sv})
        require(nal.find(forbidden) == std::string_view::npos, "nothing inside a picture looks like a start code");
    require(nal.size() < 40, "a repetition costs a few bytes");
}

} // namespace

void still_picture(std::string_view bytes)
{
    const auto still = media::still_picture::parse(bytes);
    if (!still)
        return;
    const auto picture = bytes.substr(still->picture_offset());
    const bool is_short = picture.starts_with("\0\0\1"sv);
    require(is_short || picture.starts_with(start_code), "a picture begins with a start code");
    const char header = picture.substr(is_short ? 3 : 4).front();
    require((static_cast<unsigned char>(header) & 0x1f) == 5, "the picture needs no other one");
    require(still->parameter_sets().starts_with(start_code), "parameters begin with a start code");
    for (const std::uint32_t number : {1u, 2u, 255u, 65'536u, UINT32_MAX})
        check_repetition(still->repetition(number));
}

} // namespace ttsave::fuzz
