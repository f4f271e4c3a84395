// Of an MP4 that is still arriving: whether it has a sound track, and where it may end. Any bytes may come.

#include "media/mp4_reader.hpp"

#include "builders.hpp"
#include "mp4_boxes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <ostream>
#include <vector>

namespace ttsave::media {

void PrintTo(sound_track value, std::ostream* out)
{
    constexpr const char* names[] = {"unknown", "behind", "unreadable", "present", "absent"};
    *out << names[static_cast<int>(value)];
}

namespace {

using namespace test;
using namespace std::literals;

const std::string both_tracks = track("vide", 5) + track("soun", 7);
const std::string pictures_only = track("vide", 5);

mp4_reader after(std::string_view bytes)
{
    mp4_reader reader;
    reader.take({bytes.data(), bytes.size()});
    return reader;
}

sound_track sound_of(std::string_view bytes)
{
    return after(bytes).sound();
}

/// A whole file, with this in its moov.
std::string index_with(const std::string& in_moov)
{
    return ftyp() + box("moov", in_moov) + box("mdat", "m");
}

TEST(Mp4Reader, KnowsSuchFilesByTheirFirstBox)
{
    EXPECT_TRUE(mp4_reader::reads(ftyp()));
    for (const auto& other : {""s, "ftyp"s, "\0\0\0\x18"s, "\0\0\0\x18 ftyp"s, "<!DOCTYPE html>"s})
        EXPECT_FALSE(mp4_reader::reads(other));
}

TEST(Mp4Reader, FindsTheSoundTrackBeforeTheMedia)
{
    const auto begin = ftyp() + moov(both_tracks);
    EXPECT_EQ(sound_of(begin), sound_track::present);
    EXPECT_EQ(sound_of(ftyp() + moov(pictures_only)), sound_track::absent);
    EXPECT_EQ(sound_of(ftyp() + moov(track("soun", 7) + pictures_only)), sound_track::present);
    EXPECT_EQ(sound_of(ftyp() + moov(pictures_only + track("text", 9) + track("hint", 9))), sound_track::absent);
    EXPECT_EQ(sound_of(ftyp() + moov("")), sound_track::absent);
    EXPECT_EQ(sound_of(ftyp()), sound_track::unknown);
}

TEST(Mp4Reader, ATrackWithoutSamplesIsNone)
{
    EXPECT_EQ(sound_of(ftyp() + moov(pictures_only + track("soun", 0))), sound_track::absent);
    EXPECT_EQ(sound_of(ftyp() + moov(track("soun", 0) + pictures_only + track("soun", 1))), sound_track::present);
    // Of a track that has no table of sizes at all, nothing can be played.
    const auto bare = box("trak", box("mdia", box("hdlr", std::string(8, '\0') + "soun" + std::string(12, '\0'))));
    EXPECT_EQ(sound_of(index_with(bare)), sound_track::absent);
}

TEST(Mp4Reader, CountsCompactSizesToo)
{
    for (const std::uint32_t samples : {0u, 3u}) {
        const auto sizes = box("stz2", std::string(4, '\0') + "\0\0\0\x10"s + big_endian(samples, 4));
        const auto hdlr = box("hdlr", std::string(8, '\0') + "soun" + std::string(13, '\0'));
        const auto whole = index_with(box("trak", box("mdia", hdlr + box("minf", box("stbl", sizes)))));
        EXPECT_EQ(sound_of(whole), samples ? sound_track::present : sound_track::absent);
    }
}

TEST(Mp4Reader, TracksOfFragmentedFilesAreEmptyInTheIndex)
{
    const auto fragments = box("mvex", box("trex", std::string(24, '\0')));
    const auto tracks = track("vide", 0) + track("soun", 0);
    const auto media = box("moof", box("mfhd", std::string(8, '\0'))) + box("mdat", media_data(100));
    for (const auto& index : {tracks + fragments, fragments + tracks}) {
        EXPECT_EQ(sound_of(ftyp() + moov(index) + media), sound_track::present);
        EXPECT_TRUE(after(ftyp() + moov(index) + media).is_whole());
    }
    EXPECT_EQ(sound_of(ftyp() + moov(track("vide", 0) + fragments) + media), sound_track::absent);
}

TEST(Mp4Reader, SaysWhenTheIndexStandsBehindTheMedia)
{
    const auto media = box("mdat", media_data(1000));
    const auto front = ftyp() + box("free", "") + media.substr(0, 50);
    EXPECT_EQ(sound_of(front), sound_track::behind);
    EXPECT_EQ(after(front).media_end(), ftyp().size() + 8 + media.size());
    EXPECT_EQ(sound_of(ftyp() + media + moov(both_tracks)), sound_track::present);
    EXPECT_EQ(sound_of(ftyp() + media + moov(pictures_only)), sound_track::absent);
    // What comes after that says nothing any more.
    EXPECT_EQ(sound_of(ftyp() + moov(pictures_only) + media + moov(both_tracks)), sound_track::absent);
    EXPECT_EQ(after(ftyp() + moov(pictures_only) + media).media_end(), std::nullopt);
}

TEST(Mp4Reader, CanBeginAtAnyBox)
{
    const std::uint64_t begin = 5'000'000'000;
    mp4_reader reader(begin);
    EXPECT_EQ(reader.sound(), sound_track::unknown);
    EXPECT_TRUE(reader.is_whole());
    const auto rest = box("mdat", "more") + moov(both_tracks);
    reader.take({rest.data(), 12});
    EXPECT_EQ(reader.media_end(), begin + 12);
    reader.take({rest.data() + 12, rest.size() - 12});
    EXPECT_EQ(reader.sound(), sound_track::present);
}

TEST(Mp4Reader, TakesSizesOf64Bits)
{
    const auto front = ftyp() + long_box("mdat", media_data(300));
    EXPECT_EQ(after(front.substr(0, 60)).media_end(), front.size());
    EXPECT_EQ(sound_of(front + long_box("moov", both_tracks)), sound_track::present);
    EXPECT_EQ(sound_of(ftyp() + long_box("moov", long_box("free", "") + pictures_only)), sound_track::absent);
    const std::uint64_t huge = std::uint64_t{1} << 40;
    const auto beginning = ftyp() + big_endian(1, 4) + "mdat" + big_endian(huge, 8);
    EXPECT_EQ(after(beginning).media_end(), ftyp().size() + huge);
    EXPECT_FALSE(after(beginning).is_whole());
}

TEST(Mp4Reader, ABoxOfSize0GoesOnToTheEnd)
{
    const auto media = ftyp() + box_of_size(0, "mdat", media_data(500));
    EXPECT_EQ(sound_of(media), sound_track::behind);
    EXPECT_EQ(after(media).media_end(), std::nullopt);
    EXPECT_TRUE(after(media).is_whole());
    const auto index = ftyp() + box_of_size(0, "moov", both_tracks);
    EXPECT_EQ(sound_of(index), sound_track::present);
    EXPECT_TRUE(after(index).is_whole());
    EXPECT_EQ(sound_of(ftyp() + box_of_size(0, "moov", pictures_only)), sound_track::unknown);
}

TEST(Mp4Reader, AWholeFileEndsBetweenTwoBoxes)
{
    const std::vector<std::string> boxes{ftyp(), box("free", ""), moov(both_tracks), box("mdat", media_data(700))};
    std::string file;
    for (const auto& each : boxes) {
        for (std::size_t cut = 1; cut < each.size(); ++cut)
            ASSERT_FALSE(after(file + each.substr(0, cut)).is_whole()) << file.size() + cut;
        file += each;
        EXPECT_TRUE(after(file).is_whole());
    }
    EXPECT_FALSE(after(file + "x").is_whole());
}

/// What is found out must not depend on how the bytes come.
TEST(Mp4Reader, TakesPiecesOfAnySize)
{
    const auto media = box("mdat", media_data(90));
    for (const auto& file : {ftyp() + moov(both_tracks) + media, ftyp() + moov(pictures_only) + media,
                             ftyp() + media + long_box("moov", both_tracks), ftyp() + media + moov(pictures_only),
                             ftyp() + moov(track("vide", 0) + track("soun", 0) + box("mvex", "")) + media}) {
        const auto expected = sound_of(file);
        for (std::size_t cut = 0; cut <= file.size(); ++cut) {
            mp4_reader reader;
            reader.take({file.data(), cut});
            reader.take({file.data() + cut, file.size() - cut});
            ASSERT_EQ(reader.sound(), expected) << cut;
            ASSERT_TRUE(reader.is_whole()) << cut;
        }
        for (std::size_t piece = 1; piece < 40; ++piece) {
            mp4_reader reader;
            for (std::size_t begin = 0; begin < file.size(); begin += piece)
                reader.take({file.data() + begin, std::min(piece, file.size() - begin)});
            ASSERT_EQ(reader.sound(), expected) << piece;
            ASSERT_TRUE(reader.is_whole()) << piece;
        }
    }
}

TEST(Mp4Reader, IsLostWhereABoxHasAnImpossibleSize)
{
    for (std::uint32_t size = 2; size < 8; ++size) {
        const auto broken = ftyp() + box_of_size(size, "free", "") + moov(both_tracks);
        EXPECT_EQ(sound_of(broken), sound_track::unreadable) << size;
        EXPECT_FALSE(after(broken).is_whole()) << size;
    }
    for (const std::uint64_t size : {0ull, 8ull, 15ull, 0xffff'ffff'ffff'ffffull, 0xffff'ffff'ffff'fff0ull}) {
        const auto broken = ftyp() + big_endian(1, 4) + "free" + big_endian(size, 8) + moov(both_tracks);
        EXPECT_EQ(sound_of(broken), sound_track::unreadable) << size;
        EXPECT_FALSE(after(broken).is_whole()) << size;
    }
}

TEST(Mp4Reader, RubbishInsideTheIndexSpoilsOnlyTheIndex)
{
    const auto media = box("mdat", media_data(40));
    const std::vector<std::string> rubbish{
        box_of_size(0, "trak", "1234"),
        box_of_size(7, "trak", "1234"),
        box_of_size(1, "trak", ""),
        box_of_size(1, "trak", big_endian(15, 8)),
        box_of_size(1, "trak", big_endian(std::numeric_limits<std::uint64_t>::max(), 8)),
        box_of_size(0xffff'ffff, "trak", ""),
        box("trak", box_of_size(100, "mdia", "")),
        box("trak", box("mdia", box("hdlr", "too short"))),
        box("trak", box("mdia", box("minf", box("stbl", box("stsz", ""))))),
    };
    for (const auto& each : rubbish)
        for (const auto& behind : {""s, both_tracks}) {
            const auto file = ftyp() + box("moov", each + behind) + media;
            EXPECT_EQ(sound_of(file), sound_track::unreadable) << each;
            EXPECT_TRUE(after(file).is_whole()) << each;
            // Unless it is found before.
            EXPECT_EQ(sound_of(ftyp() + box("moov", both_tracks + each + behind) + media), sound_track::present);
        }
}

TEST(Mp4Reader, QuickTimesZerosAtTheEndOfAContainerAreNoBox)
{
    const auto terminated = [](std::string_view type, std::string content) {
        return box(type, content.append(4, '\0'));
    };
    const auto hdlr = box("hdlr", "\0\0\0\0mhlrsoun"s + std::string(13, '\0'));
    // The handler of the data, not of the media, says nothing.
    const auto other = box("hdlr", "\0\0\0\0dhlrurl "s + std::string(13, '\0'));
    const auto sizes = box("stsz", big_endian(0, 8) + big_endian(3, 4));
    const auto sound =
        terminated("trak", terminated("mdia", hdlr + terminated("minf", other + terminated("stbl", sizes))));
    EXPECT_EQ(sound_of(ftyp() + terminated("moov", sound)), sound_track::present);
    EXPECT_EQ(sound_of(ftyp() + terminated("moov", terminated("trak", ""))), sound_track::absent);
}

TEST(Mp4Reader, BoxesAreOnlyWhatTheyAreInTheirPlace)
{
    for (const auto& misplaced :
         {track("soun", 3), box("moov", both_tracks), box("free", both_tracks), box("udta", both_tracks),
          box("trak", track("soun", 3)), box("mdia", box("hdlr", std::string(8, '\0') + "soun"))})
        EXPECT_EQ(sound_of(ftyp() + box("moov", pictures_only + misplaced) + misplaced),
                  misplaced == track("soun", 3) ? sound_track::present : sound_track::absent);
    EXPECT_EQ(sound_of(ftyp() + track("soun", 3)), sound_track::unknown);
}

TEST(Mp4Reader, ComesToAnEndWithDeepAndEmptyBoxes)
{
    std::string deep = box("stbl", "");
    for (int level = 0; level < 2'000; ++level)
        deep = box_of_size(static_cast<std::uint32_t>(deep.size() + 8), level % 2 ? "moov" : "trak", deep);
    EXPECT_EQ(sound_of(ftyp() + box("moov", deep)), sound_track::absent);
    EXPECT_EQ(sound_of(ftyp() + box("moov", times(100'000, box("trak", "")))), sound_track::absent);
    EXPECT_EQ(sound_of(ftyp() + times(100'000, box("free", ""))), sound_track::unknown);
}

TEST(Mp4Reader, StandsGeneratedGarbage)
{
    mutator chance(2026, "moov trak mdia minf stbl stsz hdlr mvex mdat \x01 \x08 \xff\xff\xff\xff");
    const std::vector<std::string> files{ftyp() + moov(both_tracks) + box("mdat", media_data(40)),
                                         ftyp() + long_box("mdat", media_data(40)) + moov(pictures_only)};
    std::vector<int> seen(5);
    for (int count = 0; count < 20'000; ++count) {
        const auto file = chance(files[static_cast<std::size_t>(count % 2)]);
        mp4_reader in_pieces;
        const auto cut = chance.below(file.size() + 1);
        in_pieces.take({file.data(), cut});
        in_pieces.take({file.data() + cut, file.size() - cut});
        ASSERT_EQ(in_pieces.sound(), sound_of(file));
        ASSERT_EQ(in_pieces.is_whole(), after(file).is_whole());
        ++seen[static_cast<std::size_t>(in_pieces.sound())];
    }
    for (const int each : seen)
        EXPECT_GT(each, 100);
}

} // namespace
} // namespace ttsave::media
