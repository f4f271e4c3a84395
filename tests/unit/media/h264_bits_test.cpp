// ITU-T H.264 sections 7.2, 7.4.1 and 9.1.

#include "media/h264_bits.hpp"

#include <gtest/gtest.h>

namespace ttsave::media {
namespace {

using namespace std::literals;

TEST(H264Bits, ReadsWhatItHasWritten)
{
    h264_bit_writer writer;
    writer.bits(5, 3);
    for (std::uint32_t value : {0u, 1u, 2u, 3u, 254u, 65'535u, 1'000'000u})
        writer.ue(value);
    writer.flag(true);
    writer.bits(0xdeadbeef, 32);
    h264_bit_reader reader(writer.finish());
    EXPECT_EQ(reader.bits(3), 5u);
    for (std::uint32_t value : {0u, 1u, 2u, 3u, 254u, 65'535u, 1'000'000u})
        EXPECT_EQ(reader.ue(), value);
    EXPECT_TRUE(reader.flag());
    EXPECT_EQ(reader.bits(32), 0xdeadbeefu);
    EXPECT_TRUE(reader.flag()) << "rbsp_stop_one_bit";
    EXPECT_FALSE(reader.is_past_end());
}

TEST(H264Bits, ReadsSignedCodes)
{
    h264_bit_writer writer;
    for (std::uint32_t code = 0; code < 5; ++code)
        writer.ue(code);
    h264_bit_reader reader(writer.finish());
    for (std::int32_t value : {0, 1, -1, 2, -2})
        EXPECT_EQ(reader.se(), value);
}

TEST(H264Bits, KeepsStartCodesOutOfThePayload)
{
    h264_bit_writer writer;
    for (int value : {0, 0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 4})
        writer.bits(static_cast<std::uint32_t>(value), 8);
    const std::string payload = writer.finish();
    EXPECT_EQ(payload, "\0\0\3\0\0\3\0\1\0\0\3\3\0\0\4\x80"s);
    h264_bit_reader reader(payload);
    for (std::uint32_t value : {0u, 0u, 0u, 0u, 0u, 1u, 0u, 0u, 3u, 0u, 0u, 4u})
        EXPECT_EQ(reader.bits(8), value);
}

TEST(H264Bits, ReadsZerosBeyondTheEnd)
{
    h264_bit_reader reader("\x01"sv);
    EXPECT_EQ(reader.bits(32), 1u << 24);
    EXPECT_TRUE(reader.is_past_end());
    reader.ue();
    EXPECT_EQ(reader.bits(32), 0u);
}

} // namespace
} // namespace ttsave::media
