// What ffmpeg writes is read as what it is.

#include "media/mp4_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

namespace ttsave::media {
namespace {

class Mp4ReaderOfFfmpeg : public testing::Test {
protected:
    Mp4ReaderOfFfmpeg() { std::filesystem::create_directories(home_); }
    ~Mp4ReaderOfFfmpeg() override { std::filesystem::remove_all(home_); }

    /// A video of two seconds.
    std::string make(bool has_sound, const std::string& options, const std::string& extension = "mp4")
    {
        const std::string file = home_ / ("made." + extension);
        const std::string sound = has_sound ? " -f lavfi -i sine=duration=2 -c:a aac" : "";
        const auto command = "ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x64:duration=2" + sound +
                             " -c:v libx264 -preset ultrafast " + options + ' ' + file;
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
        std::ifstream opened(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(opened), {}};
    }

    /// Gives the bytes to a reader that is at `begin`, in pieces of odd sizes.
    static mp4_reader after(std::string_view bytes, std::uint64_t begin = 0)
    {
        mp4_reader reader(begin);
        for (std::size_t at = 0, piece = 1; at < bytes.size(); at += piece, piece = piece * 5 % 1009)
            reader.take({bytes.data() + at, std::min(piece, bytes.size() - at)});
        return reader;
    }

    const std::filesystem::path home_ = testing::TempDir() + "mp4-reader-test-" + std::to_string(::getpid());
};

TEST_F(Mp4ReaderOfFfmpeg, IndexInFront)
{
    for (const bool has_sound : {true, false})
        for (const std::string options : {"-movflags +faststart", "-movflags +frag_keyframe+empty_moov -g 10",
                                          "-movflags +frag_keyframe+empty_moov+default_base_moof -g 10"}) {
            const auto file = make(has_sound, options);
            const auto expected = has_sound ? sound_track::present : sound_track::absent;
            EXPECT_EQ(after(file).sound(), expected) << options;
            EXPECT_TRUE(after(file).is_whole()) << options;
            EXPECT_FALSE(after(std::string_view(file).substr(0, file.size() - 1)).is_whole()) << options;
            // Before the first byte of the media.
            EXPECT_EQ(after(std::string_view(file).substr(0, file.find("mdat"))).sound(), expected) << options;
        }
}

TEST_F(Mp4ReaderOfFfmpeg, IndexBehind)
{
    for (const bool has_sound : {true, false})
        for (const std::string extension : {"mp4", "mov"}) {
            const auto file = make(has_sound, "", extension);
            const auto expected = has_sound ? sound_track::present : sound_track::absent;
            EXPECT_EQ(after(file).sound(), expected) << extension;
            EXPECT_TRUE(after(file).is_whole()) << extension;
            const auto front = after(std::string_view(file).substr(0, 1000));
            EXPECT_EQ(front.sound(), sound_track::behind) << extension;
            ASSERT_TRUE(front.media_end()) << extension;
            const auto tail = std::string_view(file).substr(*front.media_end());
            EXPECT_EQ(after(tail, *front.media_end()).sound(), expected) << extension;
        }
}

} // namespace
} // namespace ttsave::media
