// Images are judged by their headers before anything decodes them: the right sizes, and no harm from any bytes.

#include "media/image_header.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace ttsave::media {
namespace {

using namespace std::literals;

const auto big = [](std::uint64_t value, unsigned size) {
    std::string bytes;
    while (size-- > 0)
        bytes += static_cast<char>(value >> 8 * size & 0xff);
    return bytes;
};
const auto little = [](std::uint64_t value, unsigned size) {
    const auto bytes = big(value, size);
    return std::string(bytes.rbegin(), bytes.rend());
};

/// A TIFF structure whose IFD0 holds another tag, then the orientation.
const auto tiff = [](std::uint64_t orientation, std::endian order = std::endian::little, std::uint64_t type = 3,
                     std::uint64_t ifd = 8, std::uint64_t count = 2) {
    const auto number = [&](std::uint64_t value, unsigned size) {
        return order == std::endian::big ? big(value, size) : little(value, size);
    };
    const auto other = number(0x0100, 2) + number(4, 2) + number(1, 4) + number(640, 4);
    const auto entry = number(0x0112, 2) + number(type, 2) + number(1, 4) + number(orientation, 2) + number(0, 2);
    return (order == std::endian::big ? "MM" : "II") + number(42, 2) + number(ifd, 4) + number(count, 2) + other +
           entry + number(0, 4);
};

const auto signature = "Exif\0\0"s;
const auto segment = [](unsigned marker, const std::string& data) {
    return "\xff" + big(marker, 1) + big(data.size() + 2, 2) + data;
};
const auto exif_segment = [](const std::string& data) { return segment(0xe1, signature + data); };
const auto start_of_frame = [](unsigned marker, std::uint64_t width, std::uint64_t height) {
    return segment(marker, "\x08" + big(height, 2) + big(width, 2) + "\x01\x01\x11\0"s);
};
const auto jpeg = [](const std::string& segments, std::uint64_t width = 640, std::uint64_t height = 480) {
    return "\xff\xd8" + segments + segment(0xdb, std::string(65, '\1')) + start_of_frame(0xc0, width, height) +
           segment(0xda, "\1\1\0\0\x3f\0"s) + "scan\xff\xd9";
};

const auto png_chunk = [](const std::string& type, const std::string& data) {
    return big(data.size(), 4) + type + data + "CRC.";
};
const auto png = [](const std::string& chunks, char colour = 2, std::uint64_t width = 640, std::uint64_t height = 480) {
    return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", big(width, 4) + big(height, 4) + '\x08' + colour + "\0\0\0"s) +
           chunks + png_chunk("IDAT", "data") + png_chunk("tRNS", "late") + png_chunk("eXIf", tiff(6));
};

const auto gif = [](std::uint64_t width, std::uint64_t height) {
    return "GIF89a" + little(width, 2) + little(height, 2) + "\x80\0\0rgbrgb;"s;
};
const auto riff_chunk = [](const std::string& fourcc, const std::string& data) {
    return fourcc + little(data.size(), 4) + data + std::string(data.size() % 2, '\0');
};
const auto webp = [](const std::string& chunks) { return riff_chunk("RIFF", "WEBP" + chunks); };
const auto vp8 = [](std::uint64_t width, std::uint64_t height) {
    return riff_chunk("VP8 ", "\x10\x02\0\x9d\x01\x2a"s + little(width, 2) + little(height, 2) + "odd");
};
const auto vp8l = [](std::uint64_t width, std::uint64_t height, std::uint64_t alpha) {
    return riff_chunk("VP8L", "\x2f" + little(width - 1 + ((height - 1) << 14) + (alpha << 28), 4) + "bits");
};
const auto vp8x = [](std::uint64_t flags, std::uint64_t width = 640, std::uint64_t height = 480) {
    return riff_chunk("VP8X", little(flags, 4) + little(width - 1, 3) + little(height - 1, 3));
};

/// An animation of two frames whose first one has this place and data.
const auto animation = [](const webp_frame& frame, const std::string& data, std::uint64_t flags = 0x02) {
    const auto fields = little(frame.x / 2, 3) + little(frame.y / 2, 3) + little(frame.width - 1, 3) +
                        little(frame.height - 1, 3) + little(100, 3) + '\2';
    return webp(vp8x(flags) + riff_chunk("ANIM", "\0\0\0\0\0\0"s) + riff_chunk("ANMF", fields + data) +
                riff_chunk("ANMF", std::string(16, '\0') + vp8(1, 1)));
};

const webp_frame whole_canvas{0, 0, 0, 0, 640, 480};
const webp_frame inner{0, 0, 20, 10, 600, 400};
const auto alpha_data = riff_chunk("ALPH", "\0alp"s) + vp8(600, 400);
constexpr std::uint64_t first_frame_data = 12 + 18 + 14 + 8 + 16; ///< RIFF, VP8X, ANIM, ANMF and its fields

struct oriented_picture {
    std::string bytes;
    int orientation = 1;
    bool may_be_transparent = false;
};

/// All are 640 by 480.
std::vector<oriented_picture> oriented_pictures()
{
    const auto jfif = segment(0xe0, "JFIF\0\1\2\0\0\1\0\1\0\0"s);
    const auto xmp = segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>"s);
    return {
        {jpeg("")},
        {jpeg(jfif)},
        {jpeg(exif_segment(tiff(6))), 6},
        {jpeg(jfif + xmp + "\xff\xff\xff" + exif_segment(tiff(8, std::endian::big)) + exif_segment(tiff(3))), 8},
        {png("")},
        {png("", 3)},
        {png("", 4), 1, true},
        {png("", 6), 1, true},
        {png(png_chunk("PLTE", "rgb") + png_chunk("tRNS", "\0"s), 3), 1, true},
        {png(png_chunk("pHYs", "123456789") + png_chunk("eXIf", tiff(5, std::endian::big))), 5},
        {gif(640, 480), 1, true},
        {webp(vp8(640, 480))},
        {webp(vp8(640 | 0x4000, 480 | 0xc000))},
        {webp(vp8l(640, 480, 0))},
        {webp(vp8l(640, 480, 1)), 1, true},
        {webp(vp8x(0x08) + riff_chunk("ICCP", "odd") + vp8(640, 480) + riff_chunk("EXIF", signature + tiff(7))), 7},
        {webp(vp8x(0x08) + vp8(640, 480) + riff_chunk("EXIF", tiff(2, std::endian::big))), 2},
        {webp(vp8x(0x10) + riff_chunk("ALPH", "\0a"s) + vp8(640, 480)), 1, true},
        {webp(vp8x(0) + riff_chunk("ALPH", "\0a"s) + vp8(640, 480)), 1, true},
        {webp(vp8x(0) + vp8l(640, 480, 1)), 1, true},
        {animation(whole_canvas, vp8(640, 480))},
        {animation(whole_canvas, vp8l(640, 480, 1)), 1, true},
        {animation(whole_canvas, alpha_data), 1, true},
        {animation(inner, vp8(600, 400)), 1, true},
    };
}

/// Reads a copy that ends where the heap block does, so that the sanitizers see a read beyond it.
std::optional<image_header> read_exactly(std::string_view bytes)
{
    const std::vector<char> copy(bytes.begin(), bytes.end());
    return read_image_header({copy.data(), copy.size()});
}

using pixels = std::pair<std::uint32_t, std::uint32_t>;
const auto size_in = [](std::string_view bytes) {
    const auto header = read_exactly(bytes);
    return header ? std::optional<pixels>({header->width, header->height}) : std::nullopt;
};
const auto orientation_in = [](std::string_view bytes) {
    return read_exactly(bytes).value_or(image_header{0, 0, 0, false, {}}).orientation;
};

TEST(ImageHeader, ReadsEveryFormat)
{
    for (std::size_t index = 0; const auto& [bytes, orientation, may_be_transparent] : oriented_pictures()) {
        const auto header = read_exactly(bytes);
        ASSERT_TRUE(header) << index;
        EXPECT_EQ(pixels(header->width, header->height), pixels(640, 480)) << index;
        EXPECT_EQ(header->orientation, orientation) << index;
        EXPECT_EQ(header->may_be_transparent, may_be_transparent) << index;
        ++index;
    }
}

TEST(ImageHeader, ReadsTheLargestSizes)
{
    EXPECT_EQ(size_in(jpeg("", 65535, 65534)), pixels(65535, 65534));
    EXPECT_EQ(size_in(png("", 2, 0x7fffffff, 0xffffffff)), pixels(0x7fffffff, 0xffffffff));
    EXPECT_EQ(size_in(gif(65535, 65534)), pixels(65535, 65534));
    EXPECT_EQ(size_in(webp(vp8(16383, 16382))), pixels(16383, 16382));
    EXPECT_EQ(size_in(webp(vp8l(16384, 16383, 1))), pixels(16384, 16383));
    EXPECT_EQ(size_in(webp(vp8x(0, 1 << 24, 1))), pixels(1 << 24, 1));
}

TEST(ImageHeader, KnowsEveryStartOfFrameOfJpeg)
{
    for (unsigned marker = 0xc0; marker <= 0xcf; ++marker) {
        const bool is_other = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;
        const auto bytes = "\xff\xd8" + start_of_frame(marker, 1, 2) + start_of_frame(0xc0, 3, 4);
        EXPECT_EQ(size_in(bytes), is_other ? pixels(3, 4) : pixels(1, 2)) << marker;
    }
}

TEST(ImageHeader, ReadsEveryOrientation)
{
    for (unsigned value = 0; value <= 9; ++value)
        for (const auto order : {std::endian::little, std::endian::big}) {
            const auto header = read_exactly(jpeg(exif_segment(tiff(value, order)))).value();
            EXPECT_EQ(header.orientation, value >= 1 && value <= 8 ? static_cast<int>(value) : 1);
            const bool is_turned = value >= 5 && value <= 8;
            EXPECT_EQ(pixels(header.shown_width(), header.shown_height()),
                      is_turned ? pixels(480, 640) : pixels(640, 480));
        }
}

TEST(ImageHeader, TakesABrokenOrientationForNone)
{
    constexpr auto order = std::endian::little;
    for (const auto& broken : {tiff(6, order, 4), tiff(6, order, 3, 0xffffffff), tiff(6, order, 3, 37),
                               tiff(6, order, 3, 0), tiff(6, order, 3, 8, 1), tiff(6, order, 3, 8, 0), "II+\0"s, ""s,
                               tiff(6).substr(0, 30), "IM" + tiff(6).substr(2)}) {
        EXPECT_EQ(orientation_in(jpeg(exif_segment(broken))), 1);
        EXPECT_EQ(orientation_in(png(png_chunk("eXIf", broken))), 1);
        EXPECT_EQ(orientation_in(webp(vp8x(0x08) + riff_chunk("EXIF", broken))), 1);
    }
    // More entries announced than there are: those that are there count, and nothing behind them is read.
    EXPECT_EQ(orientation_in(jpeg(exif_segment(tiff(6, order, 3, 8, 65535)))), 6);
    EXPECT_EQ(orientation_in(jpeg(exif_segment(tiff(6, order, 3, 20, 65535)))), 1);
}

TEST(ImageHeader, FindsTheFirstFrameOfAnAnimation)
{
    for (const auto& data : {vp8(600, 400), alpha_data, alpha_data + riff_chunk("JUNK", "odd").substr(0, 11)}) {
        const auto bytes = animation(inner, data);
        const auto header = read_exactly(bytes);
        ASSERT_TRUE(header && header->first_frame);
        const auto& frame = *header->first_frame;
        EXPECT_EQ(frame.offset, first_frame_data);
        EXPECT_EQ(bytes.substr(frame.offset, frame.size), data);
        EXPECT_EQ(pixels(frame.x, frame.y), pixels(20, 10));
        EXPECT_EQ(pixels(frame.width, frame.height), pixels(600, 400));
    }
}

TEST(ImageHeader, FindsNoFrameThatContradictsTheFormat)
{
    const auto has_frame = [](const std::string& bytes) {
        const auto header = read_exactly(bytes);
        return header && header->first_frame;
    };
    const auto good = animation(whole_canvas, alpha_data);
    EXPECT_TRUE(has_frame(good.substr(0, first_frame_data)));
    EXPECT_FALSE(has_frame(good.substr(0, first_frame_data - 1)));
    EXPECT_FALSE(has_frame(animation(whole_canvas, alpha_data, 0)));
    EXPECT_FALSE(has_frame(animation(whole_canvas, "VP8 ")));
    EXPECT_FALSE(has_frame(animation({0, 0, 2, 0, 640, 480}, alpha_data)));
    EXPECT_FALSE(has_frame(animation({0, 0, 0, 2, 640, 480}, alpha_data)));
    EXPECT_FALSE(has_frame(animation({0, 0, 0x1fffffe, 0x1fffffe, 1 << 24, 1 << 24}, alpha_data)));
    for (const std::uint64_t length : {0U, 15U, 23U, 0xfffffff0U, 0xffffffffU})
        EXPECT_FALSE(has_frame(std::string(good).replace(first_frame_data - 20, 4, little(length, 4)))) << length;
}

TEST(ImageHeader, SurvivesBeingCutAnywhere)
{
    for (const auto& [bytes, orientation, may_be_transparent] : oriented_pictures())
        for (std::size_t length = 0; length <= bytes.size(); ++length)
            EXPECT_EQ(size_in(bytes.substr(0, length)).value_or(pixels(640, 480)), pixels(640, 480)) << length;
}

TEST(ImageHeader, SurvivesAnyChangedByte)
{
    for (const auto& [bytes, orientation, may_be_transparent] : oriented_pictures())
        for (std::size_t at = 0; at < bytes.size(); ++at)
            for (const char value : {'\0', '\1', '\x7f', '\x80', '\xff'}) {
                const auto changed = std::string(bytes).replace(at, 1, 1, value);
                const auto header = read_exactly(changed).value_or(image_header{1, 1, 1, false, {}});
                EXPECT_TRUE(header.width >= 1 && header.height >= 1);
                EXPECT_TRUE(header.orientation >= 1 && header.orientation <= 8);
            }
}

TEST(ImageHeader, RefusesHostileLengths)
{
    const auto frame = start_of_frame(0xc0, 1, 1);
    for (const auto& length : {"\0\0"s, "\0\1"s, "\xff\xff"s})
        EXPECT_FALSE(read_exactly("\xff\xd8\xff\xe0" + length + frame));
    EXPECT_FALSE(read_exactly("\xff\xd8\xff\xc0\0\6\x08\0\1\0\1"s)); // the width is not within the segment
    EXPECT_FALSE(read_exactly(webp("VP8 " + little(9, 4) + vp8(1, 1).substr(8))));
    EXPECT_FALSE(read_exactly(webp("VP8X" + little(9, 4) + vp8x(0).substr(8))));
    EXPECT_FALSE(read_exactly(webp("JUNK" + little(0xffffffff, 4) + vp8(1, 1))));
    for (const std::uint64_t length : {0x7fffffffU, 0xfffffff4U, 0xffffffffU}) {
        EXPECT_EQ(orientation_in(png(big(length, 4) + "tEXt" + png_chunk("eXIf", tiff(6)))), 1);
        EXPECT_EQ(orientation_in(webp(vp8x(0x08) + "JUNK" + little(length, 4) + riff_chunk("EXIF", tiff(6)))), 1);
        EXPECT_EQ(orientation_in(webp(vp8x(0x08) + "EXIF" + little(length, 4) + tiff(6))), 6);
    }
}

TEST(ImageHeader, RefusesOtherFormatsAndWhatHasNoSize)
{
    for (const auto& bytes : {jpeg("", 0, 1), jpeg("", 1, 0), png("", 2, 0, 1), png("", 2, 1, 0), gif(0, 1), gif(1, 0),
                              webp(vp8(0, 1)), webp(vp8(1, 0)), webp(vp8(0x4000, 1)), webp("")})
        EXPECT_FALSE(read_exactly(bytes));
    for (const auto& chunk :
         {riff_chunk("ICCP", "profile"), riff_chunk("VP8L", "\x2e\0\0\0\0"s),
          riff_chunk("VP8 ", "\x11\x02\0\x9d\x01\x2a\1\0\1\0"s), riff_chunk("VP8 ", "\x10\x02\0\x9d\x01\x2b\1\0\1\0"s)})
        EXPECT_FALSE(read_exactly(webp(chunk)));
    for (const auto& before : {"\xff\xd9"s, "\xff\xda\0\2"s, "\xff\xd0"s, "\xff\0\0\2"s, "\xff\xe0\0\2stray"s})
        EXPECT_FALSE(read_exactly("\xff\xd8" + before + start_of_frame(0xc0, 1, 1)));
    EXPECT_FALSE(read_exactly("\x89PNG\r\n\x1a\n" + png_chunk("CgBI", "1234") + png("").substr(8)));
    for (const auto bytes : {"\0\0\0\030ftypheic\0\0\0\0"sv, "\0\0\0\040ftypavif\0\0\0\0"sv, "RIFF\4\0\0\0WAVE"sv,
                             "<html>"sv, "BM\x46\0\0\0"sv, "\0"sv})
        EXPECT_FALSE(read_exactly(bytes));
}

TEST(StillWebpPrefix, IsExtendedForAnAlphaChunkAndCountsThePadding)
{
    const webp_frame even{68, 0x01020304, 20, 10, 600, 1 << 24};
    const auto vp8x_chunk = "VP8X\x0a\0\0\0\x10\0\0\0\x57\x02\0\xff\xff\xff"s;
    EXPECT_EQ(still_webp_prefix(even, "VP8 "), "RIFF\x08\x03\x02\x01WEBP");
    EXPECT_EQ(still_webp_prefix(even, "ALPH"), "RIFF\x1a\x03\x02\x01WEBP" + vp8x_chunk);
    const webp_frame odd{68, 0x01020305, 20, 10, 600, 1 << 24};
    EXPECT_EQ(still_webp_prefix(odd, "VP8L"), "RIFF\x0a\x03\x02\x01WEBP");
    EXPECT_EQ(still_webp_prefix(odd, "ALPH"), "RIFF\x1c\x03\x02\x01WEBP" + vp8x_chunk);
}

} // namespace
} // namespace ttsave::media
