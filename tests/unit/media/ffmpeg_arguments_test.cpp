// What ffmpeg is told. That it does the right thing then is for the system tests, which look at videos.

#include "media/ffmpeg_arguments.hpp"

#include <gmock/gmock.h>

namespace ttsave::media {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr media_type jpeg_type{media_class::image, "image/jpeg", "jpg"};
constexpr media_type avif{media_class::image, "image/avif", "avif"};
constexpr media_type mp3{media_class::audio, "audio/mpeg", "mp3"};

std::string line(const ffmpeg_job& job)
{
    std::string words;
    for (const auto& word : job.arguments)
        words += word + ' ';
    return words;
}

image_header upright(std::uint32_t width, std::uint32_t height)
{
    image_header header;
    header.width = width;
    header.height = height;
    return header;
}

TEST(FfmpegArguments, NameTheDemuxerSoThatNothingIsGuessed)
{
    const auto photo = encode_photo_job(7, jpeg_type, upright(3, 4), {300, 400}, slideshow_background::blur, 8);
    EXPECT_THAT(line(photo), HasSubstr("-f jpeg_pipe -i /proc/self/fd/7 "));
    EXPECT_THAT(line(photo), HasSubstr("-f h264 /proc/self/fd/8 "));
    EXPECT_THAT(photo.descriptors, testing::UnorderedElementsAre(7, 8));
    EXPECT_THAT(line(convert_sound_job(7, mp3, 20s, false, 8)), HasSubstr("-f mp3 -i /proc/self/fd/7 "));
}

TEST(FfmpegArguments, TurnPhotosOnceAndOnlyThoseThatAreUnderstood)
{
    auto turned = upright(4, 3);
    turned.orientation = 6;
    const auto own = line(encode_photo_job(7, jpeg_type, turned, {300, 400}, slideshow_background::blur, 8));
    EXPECT_THAT(own, HasSubstr("-noautorotate"));
    EXPECT_THAT(own, HasSubstr("transpose=clock,"));
    const auto theirs = line(encode_photo_job(7, avif, std::nullopt, {300, 400}, slideshow_background::blur, 8));
    EXPECT_THAT(theirs, Not(HasSubstr("-noautorotate")));
    EXPECT_THAT(theirs, HasSubstr("force_original_aspect_ratio=decrease"));
}

TEST(FfmpegArguments, ReadTheLengthFromTheLastProgress)
{
    EXPECT_EQ(read_progress_time("out_time_us=0\nprogress=continue\nout_time_us=3018594\nprogress=end\n"), 3'018'594us);
    for (const auto* nothing : {"", "out_time_us=N/A\n", "out_time_us=", "out_time_us=-9223372036854775807\n"})
        EXPECT_EQ(read_progress_time(nothing), 0us) << nothing;
}

TEST(FfmpegArguments, JoinWithoutSoundWhereThereIsNone)
{
    EXPECT_THAT(line(join_job(5, -1, 75, 6)), Not(HasSubstr("aac")));
    EXPECT_THAT(join_job(5, -1, 75, 6).descriptors, testing::UnorderedElementsAre(5, 6));
    const auto both = line(join_job(5, 4, 75, 6));
    EXPECT_THAT(both, HasSubstr("-stream_loop -1 -f aac -i /proc/self/fd/4 "));
    EXPECT_THAT(both, HasSubstr("-c copy -t 3000000us "));
}

TEST(PhotoFilter, LeavesTheBackgroundOutWhereThePhotoFillsThePicture)
{
    EXPECT_THAT(photo_filter(upright(3000, 4000), {1080, 1440}, slideshow_background::blur), Not(HasSubstr("overlay")));
    EXPECT_THAT(photo_filter(upright(4000, 3000), {1080, 1440}, slideshow_background::blur), HasSubstr("gblur"));
    EXPECT_THAT(photo_filter(upright(4000, 3000), {1080, 1440}, slideshow_background::black), Not(HasSubstr("gblur")));
    auto transparent = upright(3000, 4000);
    transparent.may_be_transparent = true;
    EXPECT_THAT(photo_filter(transparent, {1080, 1440}, slideshow_background::blur), HasSubstr("premultiply"));
}

TEST(PhotoFilter, UndoesEveryOrientation)
{
    const std::vector<std::string> filters{
        "hflip,",           "hflip,vflip,",          "vflip,",           "transpose=cclock_flip,",
        "transpose=clock,", "transpose=clock_flip,", "transpose=cclock,"};
    for (int orientation = 2; orientation <= 8; ++orientation) {
        auto header = upright(4, 3);
        header.orientation = orientation;
        EXPECT_THAT(photo_filter(header, {300, 400}, slideshow_background::blur),
                    HasSubstr("setsar=1," + filters[std::size_t(orientation) - 2]));
    }
}

TEST(PhotoFilter, PlacesTheFirstFrameOfAnAnimation)
{
    auto animated = upright(100, 80);
    animated.first_frame = webp_frame{100, 50, 10, 20, 30, 40};
    EXPECT_THAT(photo_filter(animated, {100, 80}, slideshow_background::blur), HasSubstr("pad=100:80:10:20:"));
    animated.first_frame = webp_frame{100, 50, 0, 0, 100, 80};
    EXPECT_THAT(photo_filter(animated, {100, 80}, slideshow_background::blur), Not(HasSubstr("pad=")));
}

} // namespace
} // namespace ttsave::media
