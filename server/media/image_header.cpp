#include "media/image_header.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>

namespace ttsave::media {
namespace {

using namespace std::literals;

constexpr auto big = std::endian::big;
constexpr auto little = std::endian::little;
constexpr auto exif_signature = "Exif\0\0"sv;
constexpr std::uint32_t animation_flag = 0x02;
constexpr std::uint32_t alpha_flag = 0x10;

/// At most `size` bytes from `offset` on: fewer where `bytes` ends.
std::string_view part(std::string_view bytes, std::uint64_t offset, std::uint64_t size)
{
    return offset < bytes.size() ? bytes.substr(offset, size) : std::string_view();
}

/// The number in the `size` (1 to 4) bytes at `offset`; nothing when they are not all within `bytes`.
std::optional<std::uint32_t> number(std::string_view bytes, std::uint64_t offset, std::size_t size, std::endian order)
{
    const auto digits = part(bytes, offset, size);
    if (digits.size() != size)
        return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t index = 0; index < size; ++index)
        value = value << 8 | static_cast<unsigned char>(digits[order == big ? index : size - 1 - index]);
    return value;
}

/// A header of the size in two fields of `size` bytes each; a dimension that is not within `bytes` is left at 0.
image_header sized(std::string_view bytes, std::uint64_t width_at, std::uint64_t height_at, std::size_t size,
                   std::endian order)
{
    image_header header;
    header.width = number(bytes, width_at, size, order).value_or(0);
    header.height = number(bytes, height_at, size, order).value_or(0);
    return header;
}

std::string little_endian(std::uint64_t value, unsigned size)
{
    std::string bytes;
    for (unsigned index = 0; index < size; ++index)
        bytes += static_cast<char>(value >> 8 * index & 0xff);
    return bytes;
}

/// The orientation in IFD0 of a TIFF structure (EXIF 2.32 sections 4.5.2 and 4.6.4), 1 when there is none.
int orientation_of(std::string_view tiff)
{
    // JPEG requires the signature; WebP does not, but many of its writers copy it.
    if (tiff.starts_with(exif_signature))
        tiff.remove_prefix(exif_signature.size());
    if (!tiff.starts_with("II*\0"sv) && !tiff.starts_with("MM\0*"sv))
        return 1;
    const auto order = tiff.front() == 'I' ? little : big;
    const std::uint64_t ifd = number(tiff, 4, 4, order).value_or(0);
    const auto count = number(tiff, ifd, 2, order).value_or(0);
    for (std::uint64_t index = 0; index < count; ++index) {
        const auto entry = part(tiff, ifd + 2 + 12 * index, 12);
        if (entry.size() < 12)
            break;
        if (number(entry, 0, 2, order) != 0x0112)
            continue;
        const bool is_one_short = number(entry, 2, 2, order) == 3 && number(entry, 4, 4, order) == 1;
        const auto value = number(entry, 8, 2, order).value_or(0);
        return is_one_short && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

struct jpeg_segment {
    std::uint32_t marker = 0;
    std::string_view data; ///< as far as it is within the given bytes
};

/// Takes the marker segment that `bytes` begins with (ITU-T T.81 section B.1.1); nothing once no size can follow.
std::optional<jpeg_segment> take_segment(std::string_view& bytes)
{
    const auto at = bytes.find_first_not_of('\xff'); // any number of fill bytes may precede a marker
    const auto marker = number(bytes, at, 1, big).value_or(0);
    if (at == 0 || marker == 0)
        return std::nullopt;
    bytes.remove_prefix(at + 1);
    const bool is_last = marker == 0x01 || (marker >= 0xd0 && marker <= 0xda); // SOS, or without a length
    const auto length = number(bytes, 0, 2, big).value_or(0);
    if (is_last || length < 2)
        return std::nullopt;
    const jpeg_segment segment{marker, part(bytes, 2, length - 2)};
    bytes.remove_prefix(std::min<std::size_t>(length, bytes.size()));
    return segment;
}

image_header read_jpeg(std::string_view head)
{
    std::string_view exif;
    head.remove_prefix(2);
    while (const auto segment = take_segment(head)) {
        const auto marker = segment->marker;
        // SOF0 to SOF15 (ITU-T T.81 table B.1), among which DHT, JPG and DAC stand.
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
            auto header = sized(segment->data, 3, 1, 2, big);
            header.orientation = orientation_of(exif);
            return header;
        }
        if (exif.empty() && marker == 0xe1 && segment->data.starts_with(exif_signature))
            exif = segment->data;
    }
    return {};
}

/// PNG third edition, sections 5.3 (chunks), 11.2.1 (IHDR), 11.3.1.1 (tRNS), 11.3.4.5 (eXIf).
image_header read_png(std::string_view head)
{
    if (part(head, 8, 8) != "\0\0\0\rIHDR"sv)
        return {};
    auto header = sized(head, 16, 20, 4, big);
    const auto colour_type = number(head, 25, 1, big);
    header.may_be_transparent = colour_type == 4 || colour_type == 6;
    std::string_view exif;
    for (std::uint64_t at = 33;;) {
        const auto size = number(head, at, 4, big);
        const auto type = part(head, at + 4, 4);
        if (!size || type.size() < 4 || type == "IDAT")
            break;
        if (type == "tRNS")
            header.may_be_transparent = true;
        if (type == "eXIf" && exif.empty())
            exif = part(head, at + 8, *size);
        at += 12 + std::uint64_t{*size};
    }
    header.orientation = orientation_of(exif);
    return header;
}

/// The logical screen (GIF89a section 18). Any of its images may have a transparent colour, or not cover the screen.
image_header read_gif(std::string_view head)
{
    auto header = sized(head, 6, 8, 2, little);
    header.may_be_transparent = true;
    return header;
}

struct riff_chunk {
    std::string_view fourcc;
    std::uint64_t offset = 0; ///< of the data, from the file's start
    std::uint32_t size = 0;   ///< of the data, without padding
    std::string_view data;    ///< as far as it is within the given bytes
};

/// RFC 9649 section 2.3. The RIFF header's size is not held against it: decoders disagree on what a wrong one means.
std::optional<riff_chunk> chunk_at(std::string_view head, std::uint64_t offset)
{
    const auto size = number(head, offset + 4, 4, little);
    if (!size)
        return std::nullopt;
    return riff_chunk{part(head, offset, 4), offset + 8, *size, part(head, offset + 8, *size)};
}

/// The first chunk of that name behind the chunk VP8X.
std::optional<riff_chunk> find_chunk(std::string_view head, const riff_chunk& vp8x, std::string_view fourcc)
{
    auto chunk = std::optional(vp8x);
    while (chunk && chunk->fourcc != fourcc)
        chunk = chunk_at(head, chunk->offset + chunk->size + chunk->size % 2);
    return chunk;
}

/// A lossy key frame (RFC 6386 section 9.1).
image_header read_vp8(std::string_view data)
{
    const bool is_key_frame = number(data, 0, 1, little).value_or(1) % 2 == 0;
    if (!is_key_frame || part(data, 3, 3) != "\x9d\x01\x2a")
        return {};
    auto header = sized(data, 6, 8, 2, little);
    header.width &= 0x3fff; // above them are hints to scale it for display
    header.height &= 0x3fff;
    return header;
}

/// A lossless image (RFC 9649 section 3.4).
image_header read_vp8l(std::string_view data)
{
    const auto packed = number(data, 1, 4, little);
    if (!packed || data.front() != '\x2f')
        return {};
    image_header header;
    header.width = (*packed & 0x3fff) + 1;
    header.height = (*packed >> 14 & 0x3fff) + 1;
    header.may_be_transparent = (*packed >> 28 & 1) != 0;
    return header;
}

bool has_alpha(const std::optional<riff_chunk>& chunk)
{
    return chunk && (chunk->fourcc == "ALPH" || (chunk->fourcc == "VP8L" && read_vp8l(chunk->data).may_be_transparent));
}

/// A frame of an animation (RFC 9649 section 2.7.1.1); nothing when it leaves its canvas or holds no chunk.
std::optional<webp_frame> read_frame(const riff_chunk& anmf, const image_header& canvas)
{
    constexpr std::uint32_t fields = 16;
    constexpr std::uint32_t chunk_header = 8;
    if (anmf.data.size() < fields || anmf.size < fields + chunk_header)
        return std::nullopt;
    const auto field = [&](std::uint64_t offset) { return number(anmf.data, offset, 3, little).value_or(0); };
    const webp_frame frame{anmf.offset + fields, anmf.size - fields, 2 * field(0),
                           2 * field(3),         field(6) + 1,       field(9) + 1};
    const bool is_inside = frame.x + frame.width <= canvas.width && frame.y + frame.height <= canvas.height;
    // RIFF counts in 32 bits: what ends beyond that is no WebP, and neither would its still image be.
    const bool is_countable = frame.offset + frame.size <= std::numeric_limits<std::uint32_t>::max();
    return is_inside && is_countable ? std::optional(frame) : std::nullopt;
}

/// The extended format (RFC 9649 section 2.7).
image_header read_vp8x(std::string_view head, const riff_chunk& vp8x)
{
    const auto flags = number(vp8x.data, 0, 1, little).value_or(0);
    if (vp8x.data.size() < 10)
        return {};
    auto header = sized(vp8x.data, 4, 7, 3, little); // one less than the canvas has
    ++header.width;
    ++header.height;
    // Decoders use an alpha channel whether the flag announces it or not.
    header.may_be_transparent = (flags & alpha_flag) != 0 || has_alpha(find_chunk(head, vp8x, "ALPH")) ||
                                has_alpha(find_chunk(head, vp8x, "VP8L"));
    if (const auto exif = find_chunk(head, vp8x, "EXIF"))
        header.orientation = orientation_of(exif->data);
    const auto anmf = find_chunk(head, vp8x, "ANMF");
    if (anmf && (flags & animation_flag) != 0)
        header.first_frame = read_frame(*anmf, header);
    if (const auto& frame = header.first_frame)
        header.may_be_transparent |=
            frame->width < header.width || frame->height < header.height || has_alpha(chunk_at(head, frame->offset));
    return header;
}

image_header read_webp(std::string_view head)
{
    const auto chunk = chunk_at(head, 12);
    if (!chunk)
        return {};
    if (chunk->fourcc == "VP8X")
        return read_vp8x(head, *chunk);
    if (chunk->fourcc == "VP8L")
        return read_vp8l(chunk->data);
    return chunk->fourcc == "VP8 " ? read_vp8(chunk->data) : image_header();
}

/// Has a dimension of 0 when it cannot be read.
image_header read_any(std::string_view head)
{
    if (head.starts_with("\xff\xd8\xff"))
        return read_jpeg(head);
    if (head.starts_with("\x89PNG\r\n\x1a\n"))
        return read_png(head);
    if (head.starts_with("GIF87a") || head.starts_with("GIF89a"))
        return read_gif(head);
    if (head.starts_with("RIFF") && part(head, 8, 4) == "WEBP")
        return read_webp(head);
    return {};
}

} // namespace

std::optional<image_header> read_image_header(std::string_view head)
{
    auto header = read_any(head);
    return header.width != 0 && header.height != 0 ? std::optional(header) : std::nullopt;
}

std::string still_webp_prefix(const webp_frame& frame, std::string_view fourcc)
{
    std::string vp8x;
    if (fourcc == "ALPH")
        vp8x = "VP8X" + little_endian(10, 4) + little_endian(alpha_flag, 4) + // flags and reserved bytes
               little_endian(frame.width - 1, 3) + little_endian(frame.height - 1, 3);
    return "RIFF" + little_endian(4 + vp8x.size() + frame.size + frame.size % 2, 4) + "WEBP" + vp8x;
}

} // namespace ttsave::media
