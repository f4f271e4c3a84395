// Issue 7, line 3: "when resolves fail in the way that means yt-dlp too old or address blocked the log says so in
// words".

#include "extraction/block_watch.hpp"

#include "captured_log.hpp"

#include <gmock/gmock.h>

namespace ttsave::extraction {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const error_code found;

class BlockWatch : public testing::Test {
protected:
    /// `count` different posts, or the same one again and again, with one outcome.
    void note(std::size_t count, const error_code& outcome)
    {
        for (; count > 0; --count)
            watch_.note("post " + std::to_string(++last_post_), outcome, now_);
    }

    void note_same(std::size_t count, const error_code& outcome)
    {
        for (; count > 0; --count)
            watch_.note("odd post", outcome, now_);
    }

    std::size_t lines_with(const std::string& part) const
    {
        const std::string text = log_.text();
        std::size_t count = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
            ++count;
        return count;
    }

    std::size_t alarms() const { return lines_with("TikTok refuses this server"); }
    std::size_t ends() const { return lines_with("TikTok shows posts again"); }

    const test::captured_log log_;
    block_watch watch_;
    block_watch::clock::time_point now_ = block_watch::clock::now();

private:
    int last_post_ = 0;
};

TEST_F(BlockWatch, AlarmsAfterFiveDifferentPostsInARow)
{
    note(4, errc::tiktok_blocked);
    EXPECT_FALSE(watch_.state().is_blocked);
    EXPECT_EQ(alarms(), 0u);
    note(1, errc::tiktok_blocked);
    EXPECT_TRUE(watch_.state().is_blocked);
    EXPECT_EQ(alarms(), 1u);
    for (const auto* hint : {"5 of the last 5 posts", "ttsave-update", "proxy", "cookies_file", "tiktok.blocked"})
        EXPECT_THAT(log_.text(), HasSubstr(hint));
}

TEST_F(BlockWatch, DoesNotAlarmForOneOddPost)
{
    note_same(100, errc::tiktok_blocked);
    EXPECT_FALSE(watch_.state().is_blocked);
    note(3, errc::tiktok_blocked);
    note_same(100, errc::tiktok_blocked);
    EXPECT_FALSE(watch_.state().is_blocked);
    EXPECT_EQ(alarms(), 0u);
    note(1, errc::tiktok_blocked);
    EXPECT_TRUE(watch_.state().is_blocked);
}

TEST_F(BlockWatch, BeginsAnewWithEveryAnswer)
{
    for (const error_code answer : {found, error_code(errc::post_private), error_code(errc::post_unavailable),
                                    error_code(errc::media_unavailable)}) {
        note(4, errc::tiktok_blocked);
        note(1, answer);
    }
    note(4, errc::tiktok_blocked);
    EXPECT_FALSE(watch_.state().is_blocked);
    EXPECT_EQ(alarms() + ends(), 0u);
}

TEST_F(BlockWatch, TakesNothingElseForAnAnswer)
{
    for (const auto none : {errc::tiktok_timeout, errc::tiktok_error, errc::extractor_failed, errc::overloaded,
                            errc::post_login_required, errc::post_unsupported, errc::shutting_down}) {
        note(1, errc::tiktok_blocked);
        note(10, none);
    }
    EXPECT_TRUE(watch_.state().is_blocked);
    note(1, errc::post_login_required);
    EXPECT_TRUE(watch_.state().is_blocked);
    EXPECT_EQ(ends(), 0u);
}

TEST_F(BlockWatch, AlarmsOnceAndSaysWhenItIsOver)
{
    note(2, found);
    for (int minute = 0; minute < 30; ++minute, now_ += 2min)
        note(1, errc::tiktok_blocked);
    EXPECT_EQ(alarms(), 1u);
    EXPECT_THAT(log_.text(), HasSubstr("5 of the last 7 posts"));
    note(2, found);
    EXPECT_FALSE(watch_.state().is_blocked);
    EXPECT_EQ(ends(), 1u);
    EXPECT_THAT(log_.text(), HasSubstr("after 30 in a row"));
}

TEST_F(BlockWatch, SumsUpTheLastTwenty)
{
    note(100, found);
    note(4, errc::tiktok_blocked);
    note(1, found);
    note(5, errc::tiktok_blocked);
    EXPECT_THAT(log_.text(), HasSubstr("9 of the last 20 posts"));
}

TEST_F(BlockWatch, KeepsWhatComesAndGoesFromFillingTheLog)
{
    for (int round = 0; round < 10; ++round, now_ += 10s) {
        note(5, errc::tiktok_blocked);
        EXPECT_TRUE(watch_.state().is_blocked);
        note(1, found);
    }
    EXPECT_EQ(alarms(), 1u);
    EXPECT_EQ(ends(), 1u);
    now_ += 2min;
    note(5, errc::tiktok_blocked);
    EXPECT_EQ(alarms(), 2u);
}

TEST_F(BlockWatch, Counts)
{
    note(3, found);
    note(1, errc::post_private);
    note(2, errc::tiktok_blocked);
    note(7, errc::tiktok_timeout);
    EXPECT_EQ(watch_.state().answered, 4u);
    EXPECT_EQ(watch_.state().blocked, 2u);
}

TEST_F(BlockWatch, CountsExtractorsThatFailAndAlarmsNobody)
{
    note(7, errc::extractor_failed);
    EXPECT_EQ(watch_.state().failed, 7u);
    EXPECT_EQ(watch_.state().blocked + watch_.state().answered, 0u);
    EXPECT_FALSE(watch_.state().is_blocked);
}

} // namespace
} // namespace ttsave::extraction
