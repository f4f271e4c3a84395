// Contract, "Success": a file that contains `--simple_boundary` must be known for one before those bytes are passed on.

#include "delivery/growing_file.hpp"

#include "builders.hpp"
#include "samples.hpp"
#include "store/spool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

#include <functional>

namespace ttsave::delivery {
namespace {

namespace asio = boost::asio;

constexpr media::media_type mp4{media::media_class::video, "video/mp4", "mp4"};

class GrowingFile : public testing::Test {
protected:
    std::shared_ptr<growing_file> make(std::string searched = marker)
    {
        auto file = spool_.create();
        if (!file)
            throw std::runtime_error("no spool file");
        return std::make_shared<growing_file>(std::move(*file), std::move(searched), services_);
    }

    /// Whether `content`, appended in pieces that begin at `borders`, is known to hold the marker, and only with it.
    bool is_found(const std::string& content, const std::vector<std::size_t>& borders)
    {
        const auto file = make();
        const auto place = content.find(marker);
        for (std::size_t index = 0, begin = 0; begin < content.size(); ++index) {
            const auto end = index < borders.size() ? borders[index] : content.size();
            EXPECT_TRUE(file->append(std::span(content).subspan(begin, end - begin)));
            begin = end;
            const bool is_there = place != std::string::npos && begin >= place + marker.size();
            EXPECT_EQ(file->state().holds_marker, is_there) << content << " after " << begin << " bytes";
        }
        return file->state().holds_marker;
    }

    const test::temporary_directory home_;
    store::spool spool_{home_.path(), 1 << 30};
    budget memory_{1 << 20};
    const file_services services_{spool_.room(), memory_};
};

std::vector<std::size_t> every(std::size_t width, std::size_t size)
{
    std::vector<std::size_t> borders;
    for (std::size_t border = width; border < size; border += width)
        borders.push_back(border);
    return borders;
}

TEST_F(GrowingFile, KeepsWhatIsAppendedInOrder)
{
    const auto file = make();
    std::string content;
    for (const std::size_t size : {1, 0, 3, 16 * 1024, 1, 40'000}) {
        const std::string bytes(size, static_cast<char>('a' + content.size() % 26));
        ASSERT_TRUE(file->append(bytes));
        content += bytes;
        EXPECT_EQ(file->size(), content.size());
        EXPECT_EQ(file->state().size, content.size());
    }
    std::string read(content.size() + 1, '\0');
    read.resize(static_cast<std::size_t>(::pread(file->descriptor(), read.data(), read.size(), 0)));
    EXPECT_EQ(read, content);
}

TEST_F(GrowingFile, ComparesAnyRangeOfWhatItHas)
{
    const auto file = make();
    std::string content(40'000, '\0');
    for (std::size_t index = 0; index < content.size(); ++index)
        content[index] = static_cast<char>(index * 7 % 251);
    ASSERT_TRUE(file->append(content));
    const auto bytes = std::span<const char>(content);
    EXPECT_TRUE(file->equals(0, bytes));
    EXPECT_TRUE(file->equals(12'345, bytes.subspan(12'345)));
    EXPECT_TRUE(file->equals(39'999, bytes.last(1)));
    EXPECT_TRUE(file->equals(40'000, {}));
    EXPECT_FALSE(file->equals(1, bytes.first(1)));
    for (const std::size_t place : {0, 16'383, 16'384, 39'999}) {
        std::string other = content;
        ++other[place];
        EXPECT_FALSE(file->equals(0, other)) << "differs at " << place;
    }
}

TEST_F(GrowingFile, ReportsAWriteThatFailsAndShowsNothingOfIt)
{
    growing_file file(unique_fd(::open("/dev/full", O_RDWR | O_CLOEXEC)), marker, services_);
    const auto written = file.append(std::string("abc"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), errc::storage_failed);
    EXPECT_EQ(file.size(), 0u);
}

TEST_F(GrowingFile, TellsTypeAndTotalOnceTheyAreKnown)
{
    const auto file = make();
    EXPECT_FALSE(file->state().type);
    EXPECT_EQ(file->state().total, std::nullopt);
    file->begin(mp4, 5);
    EXPECT_EQ(file->state().type->mime, "video/mp4");
    EXPECT_EQ(file->state().total, 5u);
    EXPECT_FALSE(file->state().is_complete);
}

TEST_F(GrowingFile, FindsTheMarkerInsideOneAppend)
{
    for (const auto& content : {marker, "x" + marker, marker + "x", "\r\n" + marker + "--\r\n", "-" + marker,
                                "--simple_" + marker, marker + marker, std::string(20'000, '-') + marker})
        EXPECT_TRUE(is_found(content, {})) << content;
}

TEST_F(GrowingFile, FindsTheMarkerAcrossTwoAppendsAtEveryPosition)
{
    const std::string content = "video" + marker + "video";
    for (std::size_t border = 0; border <= content.size(); ++border)
        EXPECT_TRUE(is_found(content, {border})) << "border at " << border;
}

TEST_F(GrowingFile, FindsTheMarkerAcrossPiecesOfAnyWidth)
{
    const std::string content = "--simple--simple_boun" + marker + "dary";
    for (std::size_t width = 1; width <= content.size(); ++width)
        EXPECT_TRUE(is_found(content, every(width, content.size()))) << "width " << width;
}

TEST_F(GrowingFile, DoesNotMistakeNearMisses)
{
    for (const std::string content :
         {"--simple_boundar", "-simple_boundary", "- -simple_boundary", "--Simple_boundary", "--simple-boundary",
          "--simple_boundar\xf9", "--simple_bound--ary", "yradnuob_elpmis--"})
        for (std::size_t width = 1; width <= content.size(); ++width)
            EXPECT_FALSE(is_found(content, every(width, content.size()))) << content << " by " << width;
}

TEST_F(GrowingFile, AgreesWithAPlainSearchOnGeneratedContent)
{
    test::mutator chance(2026, marker + " -- simple_boundary -");
    int found = 0;
    for (int count = 0; count < 2000; ++count) {
        const std::string content = chance("--simple_boundar--simple_boundary");
        std::vector<std::size_t> borders;
        for (std::size_t border = 0; (border += chance.below(12)) < content.size();)
            borders.push_back(border);
        found += is_found(content, borders) ? 1 : 0;
    }
    EXPECT_GT(found, 200);
    EXPECT_LT(found, 1800);
}

TEST_F(GrowingFile, AdoptsWhatSomebodyElseHasWritten)
{
    for (const bool holds_marker : {false, true}) {
        auto written = spool_.create();
        std::string content(300'000, 'x');
        if (holds_marker)
            content.replace(256 * 1024 - 5, marker.size(), marker); // across two reads
        ASSERT_EQ(::write(written->get(), content.data(), content.size()), ssize_t(content.size()));
        growing_file file(std::move(*written), marker, services_);
        ASSERT_TRUE(file.adopt(mp4));
        const auto state = file.state();
        EXPECT_TRUE(state.is_complete);
        EXPECT_EQ(state.size, content.size());
        EXPECT_EQ(state.total, content.size());
        EXPECT_EQ(state.type->extension, "mp4");
        EXPECT_EQ(state.holds_marker, holds_marker);
    }
}

TEST_F(GrowingFile, SearchesForNothingWithoutAMarker)
{
    const auto file = make("");
    ASSERT_TRUE(file->append(marker));
    EXPECT_FALSE(file->state().holds_marker);
}

/// Runs a reader until it waits, then `change`, and tells whether the reader ended only with that; `seen` is what it
/// saw.
template <typename Seen>
bool waits_for(asio::awaitable<Seen> reading, const std::function<void()>& change, Seen& seen)
{
    asio::io_context context(1);
    bool ended = false;
    asio::co_spawn(context, std::move(reading), [&](std::exception_ptr, Seen found) {
        seen = std::move(found);
        ended = true;
    });
    context.poll();
    const bool waited = !ended;
    change();
    context.restart();
    context.poll();
    return waited && ended;
}

TEST_F(GrowingFile, WakesReadersWithEachAppendTheEndAndTheFailure)
{
    const auto file = make();
    auto reader = file->attach();
    ASSERT_TRUE(reader);
    result<growing_file::piece> seen = growing_file::piece{};
    EXPECT_TRUE(waits_for<result<growing_file::piece>>(
        reader->next(100), [&] { ASSERT_TRUE(file->append(std::string("abc"))); }, seen));
    EXPECT_EQ(seen->size, 3u);
    EXPECT_TRUE(waits_for<result<growing_file::piece>>(
        reader->next(100), [&] { file->complete(); }, seen));
    EXPECT_EQ(seen->size, 0u) << "the end";
    const auto broken = make();
    auto other = broken->attach();
    EXPECT_TRUE(waits_for<result<growing_file::piece>>(
        other->next(100), [&] { broken->fail(errc::media_unavailable); }, seen));
    ASSERT_FALSE(seen);
    EXPECT_EQ(seen.error(), errc::media_unavailable);
}

TEST_F(GrowingFile, IsRecognisedWithItsFirstBytesOrFails)
{
    const auto file = make();
    file->begin(mp4, std::nullopt);
    file_state seen;
    EXPECT_TRUE(waits_for(
        file->recognised(), [&] { ASSERT_TRUE(file->append(std::string("abc"))); }, seen));
    EXPECT_EQ(seen.type->extension, "mp4");
    EXPECT_EQ(seen.size, 3u);
    const auto broken = make();
    EXPECT_TRUE(waits_for(
        broken->recognised(), [&] { broken->fail(errc::post_too_large); }, seen));
    EXPECT_EQ(seen.error, errc::post_too_large);
}

} // namespace
} // namespace ttsave::delivery
