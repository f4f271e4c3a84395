// ITU-T H.264 sections 7.3.2 (parameter sets), 7.3.3 and 7.3.4 (slices). That decoders show the same picture again is
// for the system tests to see; here it is the bits.

#include "media/still_picture.hpp"

#include "media/h264_bits.hpp"

#include <gmock/gmock.h>

#include <string>

namespace ttsave::media {
namespace {

std::string bytes(std::string_view hexadecimal)
{
    std::string decoded;
    for (std::size_t at = 0; at + 1 < hexadecimal.size(); at += 2)
        decoded += static_cast<char>(std::stoi(std::string(hexadecimal.substr(at, 2)), nullptr, 16));
    return decoded;
}

// As libx264 (core 164) writes 64x96 pixels, 24 macroblocks.
constexpr std::string_view parameters = "000000016764000aacb421b602d4040405000003000100000300320f1226a0"
                                        "0000000168ce06f2c0";
constexpr std::string_view picture = "00000165888404beffff87a280013f2727275d75d75d75d75d75d75d75d75d75d75d75d780";
constexpr std::string_view with_reordering =
    "000000016764000aacd310db011000000300100000030320f12253800000000168ce8fcb00"
    "00016588840025f7fffc3d14007c9c9c9d75d75d75d75d75d75d75d75d75d75e";
constexpr std::string_view with_cabac = "000000016764000aacb421b602d4040405000003000100000300320f1226a00000000168ee06"
                                        "f2c000000165888404bfeaffc2553fbdc33ffefbe18f37732c4afa22430ad0e574e5261ff9";
constexpr std::string_view interlaced = "0000000167640015ace846d8088000000300800000190f8a15500000000168de0fcb000001"
                                        "6588822c04bd7fffc3d14007d713ae275c4eb975cbae5d72eb975cbae5d72ebc";
constexpr std::string_view weighted = "000000016764000aacb421b60220000003002000000641e244d40000000168cf0fcb00000165"
                                      "888404beffff87a2800f939393aebaebaebaebaebaebaebaebaebaebc0";
constexpr std::string_view without_references =
    "000000016764100aacb886d808800000030080000019020000000168ce0fcb0000016588"
    "8404beffff87a2800f939393aebaebaebaebaebaebaebaebaebaebc0";

TEST(StillPicture, FindsParametersAndPicture)
{
    const auto still = still_picture::parse(bytes(parameters) + bytes(picture));
    ASSERT_TRUE(still);
    EXPECT_EQ(still->parameter_sets(), bytes(parameters));
    EXPECT_EQ(still->picture_offset(), bytes(parameters).size());
}

TEST(StillPicture, RepeatsByASkipOfAllMacroblocks)
{
    const auto still = still_picture::parse(bytes(parameters) + bytes(picture));
    ASSERT_TRUE(still);
    // Made by hand from the syntax tables: the four bits of frame_num are all that changes.
    EXPECT_EQ(still->repetition(1), bytes("00000001419a394198"));
    EXPECT_EQ(still->repetition(2), bytes("00000001419a594198"));
    EXPECT_EQ(still->repetition(15), bytes("00000001419bf94198"));
    EXPECT_EQ(still->repetition(16), bytes("00000001419a194198"));
    EXPECT_EQ(still->repetition(17), still->repetition(1));
}

TEST(StillPicture, CountsOutputOrderWhereTheStreamHasOne)
{
    const auto still = still_picture::parse(bytes(with_reordering));
    ASSERT_TRUE(still);
    EXPECT_EQ(still->repetition(1), bytes("00000001419a22ca0cc0"));
    EXPECT_NE(still->repetition(1), still->repetition(2));
}

TEST(StillPicture, RefusesWhatItCouldNotRepeat)
{
    for (const auto stream : {with_cabac, interlaced, weighted, without_references})
        EXPECT_FALSE(still_picture::parse(bytes(stream))) << stream;
}

/// A stream whose frame numbers and orders of output have so many bits more than four.
std::string with_lengths(std::uint32_t frame_number_excess, std::uint32_t order_count_excess)
{
    constexpr std::string_view picture_set = "0000000168ce06f2c0";
    h264_bit_writer fields;
    fields.bits(0x42001e, 24); // baseline
    fields.ue(0);
    fields.ue(frame_number_excess);
    fields.ue(0); // pic_order_cnt_type
    fields.ue(order_count_excess);
    fields.ue(1); // max_num_ref_frames
    fields.flag(false);
    fields.ue(3); // the size in macroblocks, less one
    fields.ue(5);
    fields.flag(true); // frame_mbs_only_flag
    fields.bits(0, 4);
    return bytes("0000000167") + fields.finish() + bytes(picture_set) + bytes(picture);
}

TEST(StillPicture, RefusesLengthsThatDoNotExist)
{
    for (const std::uint32_t possible : {0u, 1u, 12u}) {
        EXPECT_TRUE(still_picture::parse(with_lengths(possible, 0))) << possible;
        EXPECT_TRUE(still_picture::parse(with_lengths(0, possible))) << possible;
    }
    for (const std::uint32_t impossible : {13u, 28u, 0x7ffffffdu, 0x7fffffffu, 0xfffffffeu}) {
        EXPECT_FALSE(still_picture::parse(with_lengths(impossible, 0))) << impossible;
        EXPECT_FALSE(still_picture::parse(with_lengths(0, impossible))) << impossible;
    }
}

TEST(StillPicture, RefusesWhatIsNoWholeBeginning)
{
    const std::string whole = bytes(parameters) + bytes(picture);
    const std::size_t needed = bytes(parameters).size() + 4; // the picture's start code and type
    for (std::size_t size = 0; size <= whole.size(); ++size)
        EXPECT_EQ(still_picture::parse(whole.substr(0, size)).has_value(), size >= needed) << size;
    EXPECT_FALSE(still_picture::parse(bytes(picture)));
    EXPECT_FALSE(still_picture::parse("<!DOCTYPE html>"));
}

TEST(StillPicture, ReadsNothingBeyondItsBytes)
{
    const std::string whole = bytes(parameters) + bytes(picture);
    unsigned state = 7;
    for (int round = 0; round < 20'000; ++round) {
        std::string changed = whole;
        for (int count = 0; count < 3; ++count) {
            state = state * 1664525 + 1013904223;
            changed[(state >> 8) % changed.size()] = static_cast<char>(state >> 24);
        }
        if (const auto still = still_picture::parse(changed))
            still->repetition(1);
    }
}

} // namespace
} // namespace ttsave::media
