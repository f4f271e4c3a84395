#pragma once

// MP4 files made of boxes by hand, as ISO/IEC 14496-12 writes them; nothing plays them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ttsave::test {

/// `value` in `size` bytes, the most significant first.
inline std::string big_endian(std::uint64_t value, unsigned size)
{
    std::string bytes;
    while (size-- > 0)
        bytes += static_cast<char>(value >> 8 * size & 0xff);
    return bytes;
}

inline std::string box(std::string_view type, std::string_view content)
{
    return big_endian(8 + content.size(), 4).append(type).append(content);
}

/// The same with a size of 64 bits.
inline std::string long_box(std::string_view type, std::string_view content)
{
    return big_endian(1, 4).append(type) + big_endian(16 + content.size(), 8).append(content);
}

/// With a size that says what it likes.
inline std::string box_of_size(std::uint32_t size, std::string_view type, std::string_view content)
{
    return big_endian(size, 4).append(type).append(content);
}

/// A track of `handler` ("vide", "soun"...) with so many samples.
inline std::string track(std::string_view handler, std::uint32_t samples)
{
    const auto hdlr = box("hdlr", std::string(8, '\0').append(handler) + std::string(12, '\0') + "name" + '\0');
    const auto sizes = box("stsz", std::string(4, '\0') + big_endian(0, 4) + big_endian(samples, 4) +
                                       std::string(4 * (samples % 16), 's'));
    const auto tables = box("stbl", box("stsd", std::string(8, '\0')) + sizes + box("stco", std::string(8, '\0')));
    const auto media = box("mdia", box("mdhd", std::string(24, '\0')) + hdlr +
                                       box("minf", box("vmhd", std::string(12, '\0')) + tables));
    return box("trak", box("tkhd", std::string(84, '\0')) + media);
}

inline std::string ftyp()
{
    return box("ftyp", "isom" + big_endian(0x200, 4) + "isomiso2avc1mp41");
}

inline std::string moov(std::string_view tracks)
{
    return box("moov", box("mvhd", std::string(100, '\0')).append(tracks) + box("udta", "text"));
}

/// Bytes that are no box.
inline std::string media_data(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t index = 0; index < size; ++index)
        bytes[index] = static_cast<char>(index * 2'654'435'761u >> 24);
    return bytes;
}

} // namespace ttsave::test
