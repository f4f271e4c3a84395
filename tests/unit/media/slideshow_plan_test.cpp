#include "media/slideshow_plan.hpp"

#include <gmock/gmock.h>

#include <numeric>

namespace ttsave::media {

void PrintTo(const pixel_size& size, std::ostream* out)
{
    *out << size.width << 'x' << size.height;
}

namespace {

using namespace std::chrono_literals;

pixel_size canvas(const std::vector<pixel_size>& photos)
{
    return choose_canvas(photos);
}

TEST(SlideshowPlan, TakesTheMostCommonOrientation)
{
    EXPECT_EQ(canvas({{1080, 1440}, {1440, 1080}, {1080, 1440}}), (pixel_size{1080, 1440}));
    EXPECT_EQ(canvas({{1080, 1440}, {1440, 1080}, {1920, 1080}}), (pixel_size{1440, 1080}));
    EXPECT_EQ(canvas({{700, 700}, {900, 900}, {1440, 1080}}), (pixel_size{700, 700}));
}

TEST(SlideshowPlan, TakesTheEarliestOfEquallyCommonOnes)
{
    EXPECT_EQ(canvas({{1440, 1080}, {1080, 1440}}), (pixel_size{1440, 1080}));
    EXPECT_EQ(canvas({{1080, 1440}, {1440, 1080}}), (pixel_size{1080, 1440}));
}

TEST(SlideshowPlan, TakesTheMostCommonSizeOfThatOrientation)
{
    EXPECT_EQ(canvas({{1080, 1920}, {1080, 1440}, {720, 960}, {1080, 1440}, {1440, 1080}}), (pixel_size{1080, 1440}));
}

TEST(SlideshowPlan, StaysWithinItsBoundsAndEven)
{
    EXPECT_EQ(canvas({{3000, 4000}}), (pixel_size{1080, 1440}));
    EXPECT_EQ(canvas({{4000, 3000}}), (pixel_size{1440, 1080}));
    EXPECT_EQ(canvas({{2160, 3840}}), (pixel_size{1080, 1920}));
    EXPECT_EQ(canvas({{5000, 5000}}), (pixel_size{1080, 1080}));
    EXPECT_EQ(canvas({{10'000, 1000}}), (pixel_size{1920, 192}));
    EXPECT_EQ(canvas({{121, 161}}), (pixel_size{122, 162}));
    EXPECT_EQ(canvas({{1, 1}}), (pixel_size{64, 64}));
    EXPECT_EQ(canvas({{65'535, 1}}), (pixel_size{1920, 64}));
    EXPECT_EQ(canvas({{4'294'967'295u, 4'294'967'295u}}), (pixel_size{1080, 1080}));
}

TEST(SlideshowPlan, FitsPhotosWithoutCroppingOrStretching)
{
    const pixel_size upright{1080, 1440};
    EXPECT_EQ(fit({1080, 1440}, upright), upright);
    EXPECT_EQ(fit({3000, 4000}, upright), upright);
    EXPECT_EQ(fit({1440, 1080}, upright), (pixel_size{1080, 810}));
    EXPECT_EQ(fit({1080, 1920}, upright), (pixel_size{810, 1440}));
    EXPECT_EQ(fit({100, 100}, upright), (pixel_size{1080, 1080}));
    EXPECT_EQ(fit({65'535, 1}, upright), (pixel_size{1080, 2}));
    for (std::uint32_t width = 1; width < 3000; width += 37)
        for (std::uint32_t height = 1; height < 3000; height += 41) {
            const auto fitted = fit({width, height}, upright);
            EXPECT_TRUE(fitted.width == upright.width || fitted.height == upright.height);
            EXPECT_TRUE(fitted.width % 2 == 0 && fitted.height % 2 == 0);
            const double off = double(fitted.width) - double(fitted.height) * width / height;
            const bool is_least = fitted.height == 2 || fitted.width == 2;
            EXPECT_TRUE(is_least || std::abs(off) <= std::max(1.0, double(width) / height) + 1e-9)
                << width << 'x' << height;
        }
}

std::vector<std::uint32_t> frames(std::size_t count, std::chrono::microseconds sound)
{
    return frames_per_photo(count, sound, 3s, 10s);
}

TEST(SlideshowPlan, SharesTheSoundEqually)
{
    EXPECT_THAT(frames(4, 20s), testing::ElementsAre(125, 125, 125, 125));
    EXPECT_THAT(frames(3, 10s), testing::ElementsAre(83, 84, 83)) << "three times 83 1/3";
}

TEST(SlideshowPlan, ShowsNoPhotoTooShortOrTooLong)
{
    EXPECT_THAT(frames(3, 1s), testing::ElementsAre(75, 75, 75));
    EXPECT_THAT(frames(3, 0s), testing::ElementsAre(75, 75, 75));
    EXPECT_THAT(frames(2, 60s), testing::ElementsAre(250, 250));
    EXPECT_THAT(frames_per_photo(1, 60s, 1s, 1s), testing::ElementsAre(25));
}

TEST(SlideshowPlan, EndsWithTheSound)
{
    for (std::size_t count = 1; count < 50; ++count)
        for (auto share = 3'000'000us; share < 10'000'000us; share += 77'777us) {
            const auto sound = share * static_cast<int>(count);
            const auto shares = frames(count, sound);
            const auto total = std::accumulate(shares.begin(), shares.end(), 0u);
            const std::chrono::microseconds shown(std::uint64_t{total} * 1'000'000 / slideshow_frame_rate);
            EXPECT_LE(std::chrono::abs(shown - sound), 20ms);
            const auto [least, most] = std::minmax_element(shares.begin(), shares.end());
            EXPECT_LE(*most - *least, 1u);
        }
}

} // namespace
} // namespace ttsave::media
