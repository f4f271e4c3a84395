#include "media/media_type.hpp"

#include <algorithm>
#include <array>

namespace ttsave::media {
namespace {

using namespace std::literals;

constexpr media_type mp4{media_class::video, "video/mp4", "mp4"};
constexpr media_type mov{media_class::video, "video/quicktime", "mov"};
constexpr media_type webm{media_class::video, "video/webm", "webm"};
constexpr media_type jpeg{media_class::image, "image/jpeg", "jpg"};
constexpr media_type png{media_class::image, "image/png", "png"};
constexpr media_type gif{media_class::image, "image/gif", "gif"};
constexpr media_type webp{media_class::image, "image/webp", "webp"};
constexpr media_type heic{media_class::image, "image/heic", "heic"};
constexpr media_type avif{media_class::image, "image/avif", "avif"};
constexpr media_type m4a{media_class::audio, "audio/mp4", "m4a"};
constexpr media_type mp3{media_class::audio, "audio/mpeg", "mp3"};
constexpr media_type aac{media_class::audio, "audio/aac", "aac"};
constexpr media_type ogg{media_class::audio, "audio/ogg", "ogg"};
constexpr media_type wav{media_class::audio, "audio/wav", "wav"};

/// The major brand of an ISO base media file (ISO/IEC 14496-12 section 4.3).
media_type of_brand(std::string_view brand)
{
    if (brand == "qt  ")
        return mov;
    if (brand == "M4A " || brand == "M4B ")
        return m4a;
    if (brand == "avif" || brand == "avis")
        return avif;
    constexpr std::array heif{"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv, "mif1"sv, "msf1"sv};
    return std::find(heif.begin(), heif.end(), brand) != heif.end() ? heic : mp4;
}

/// MPEG audio's frame header (ISO/IEC 11172-3 section 2.4.2.3), with the combinations that do not exist ruled out.
std::optional<media_type> of_mpeg_frame(std::string_view head)
{
    if (head.size() < 3 || static_cast<unsigned char>(head[0]) != 0xff)
        return std::nullopt;
    const auto second = static_cast<unsigned char>(head[1]);
    const auto third = static_cast<unsigned char>(head[2]);
    if ((second & 0xf6) == 0xf0)
        return aac; // ADTS: layer 0
    const bool is_synchronised = (second & 0xe0) == 0xe0;
    const bool is_version = (second & 0x18) != 0x08;
    const bool is_layer = (second & 0x06) != 0 && (second & 0x06) != 0x06;
    const bool is_bitrate = (third & 0xf0) != 0xf0 && (third & 0xf0) != 0;
    const bool is_rate = (third & 0x0c) != 0x0c;
    if (is_synchronised && is_version && is_layer && is_bitrate && is_rate)
        return mp3;
    return std::nullopt;
}

} // namespace

std::optional<media_type> recognise(std::string_view head)
{
    if (head.size() >= 12 && head.substr(4, 4) == "ftyp")
        return of_brand(head.substr(8, 4));
    if (head.starts_with("\xff\xd8\xff"))
        return jpeg;
    if (head.starts_with("\x89PNG\r\n\x1a\n"))
        return png;
    if (head.starts_with("GIF87a") || head.starts_with("GIF89a"))
        return gif;
    if (head.size() >= 12 && head.starts_with("RIFF") && head.substr(8, 4) == "WEBP")
        return webp;
    if (head.size() >= 12 && head.starts_with("RIFF") && head.substr(8, 4) == "WAVE")
        return wav;
    if (head.starts_with("\x1a\x45\xdf\xa3"))
        return webm;
    if (head.starts_with("ID3"))
        return mp3;
    if (head.starts_with("OggS"))
        return ogg;
    return of_mpeg_frame(head);
}

std::optional<media_type> recognise_as(media_class expected, std::string_view head)
{
    auto type = recognise(head);
    if (type && expected == media_class::audio && type->mime == mp4.mime)
        type = m4a;
    return type && type->kind == expected ? type : std::nullopt;
}

std::optional<media_type> media_type_of(std::string_view extension)
{
    for (const auto& type : {mp4, mov, webm, jpeg, png, gif, webp, heic, avif, m4a, mp3, aac, ogg, wav})
        if (type.extension == extension)
            return type;
    return std::nullopt;
}

} // namespace ttsave::media
