// Issue 2, "Fetching": resume with Range after a break, checked against ETag and length: never glue two different
// files.

#include "media/content_validator.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace ttsave::media {
namespace {

using verdict = content_validator::verdict;
using fields = std::map<std::string, std::string, std::less<>>;

net::response_head whole(fields named)
{
    return {200, std::move(named)};
}

net::response_head partial(fields named)
{
    return {206, std::move(named)};
}

constexpr std::uint64_t offset = 400;
const char* const etag = "\"abc\"";
const char* const date = "Mon, 02 Nov 2026 10:00:00 GMT";
const content_validator tagged(whole({{"content-length", "1000"}, {"etag", etag}, {"last-modified", date}}));
const content_validator dated(whole({{"content-length", "1000"}, {"last-modified", date}}));

TEST(ContentValidator, RemembersTheLengthThatItWasTold)
{
    EXPECT_EQ(tagged.total(), 1000u);
    EXPECT_EQ(content_validator(whole({{"etag", etag}})).total(), std::nullopt);
    EXPECT_EQ(content_validator(whole({{"content-length", "-1"}})).total(), std::nullopt);
    EXPECT_EQ(content_validator().total(), std::nullopt);
}

TEST(ContentValidator, ResumesOnlyWithALengthAndAValidator)
{
    EXPECT_TRUE(tagged.can_resume());
    EXPECT_TRUE(dated.can_resume());
    EXPECT_FALSE(content_validator(whole({{"content-length", "1000"}})).can_resume());
    EXPECT_FALSE(content_validator(whole({{"etag", etag}, {"last-modified", date}})).can_resume());
    EXPECT_FALSE(content_validator().can_resume());
}

TEST(ContentValidator, NamesAStrongTagInIfRange)
{
    EXPECT_EQ(tagged.if_range_line(), "If-Range: \"abc\"");
    // RFC 9110 section 13.1.5: neither a weak tag nor a date without a strong one may stand there.
    EXPECT_EQ(content_validator(whole({{"content-length", "1"}, {"etag", "W/\"abc\""}})).if_range_line(), "");
    EXPECT_EQ(dated.if_range_line(), "");
}

TEST(ContentValidator, ContinuesOnlyWithExactlyTheRest)
{
    const auto judged = [](const std::string& range) {
        return tagged.judge(partial({{"etag", etag}, {"content-range", range}}), offset);
    };
    EXPECT_EQ(judged("bytes 400-999/1000"), verdict::continues);
    for (const auto* range :
         {"", "bytes 399-999/1000", "bytes 401-999/1000", "bytes 400-998/1000", "bytes 400-1000/1001",
          "bytes 400-998/999", "bytes 400-999/999", "bytes 400-999/1001", "bytes 400-999/*", "bytes */1000",
          "items 400-999/1000", "400-999/1000", "bytes 400-999/1000, 0-1/1000", "bytes 400-18446744073709551616/1000",
          "bytes -400-999/1000", "bytes 400-999/1000x", "bytes=400-999/1000"})
        EXPECT_EQ(judged(range), verdict::differs) << range;
}

TEST(ContentValidator, GluesNothingWithoutTheSameTag)
{
    const std::string rest = "bytes 400-999/1000";
    EXPECT_EQ(tagged.judge(partial({{"etag", "\"other\""}, {"content-range", rest}}), offset), verdict::differs);
    EXPECT_EQ(tagged.judge(partial({{"etag", "W/\"abc\""}, {"content-range", rest}}), offset), verdict::differs);
    EXPECT_EQ(tagged.judge(partial({{"last-modified", date}, {"content-range", rest}}), offset), verdict::differs);
    EXPECT_EQ(tagged.judge(whole({{"content-length", "1000"}}), offset), verdict::differs);
}

TEST(ContentValidator, RecognisesTheWholeFileOnceMore)
{
    EXPECT_EQ(tagged.judge(whole({{"etag", etag}, {"content-length", "1000"}}), offset), verdict::repeats);
    EXPECT_EQ(tagged.judge(whole({{"etag", etag}, {"content-length", "999"}}), offset), verdict::differs);
    EXPECT_EQ(tagged.judge(whole({{"etag", etag}}), offset), verdict::differs);
}

TEST(ContentValidator, TakesNothingFromOtherStatuses)
{
    for (const int status : {204, 302, 404, 416, 503})
        for (const auto& named : {fields{{"etag", etag}, {"content-length", "1000"}},
                                  fields{{"etag", etag}, {"content-range", "bytes 400-999/1000"}}})
            EXPECT_EQ(tagged.judge({status, named}, offset), verdict::differs) << status;
}

TEST(ContentValidator, FallsBackToTheDateWithoutATag)
{
    const fields range{{"content-range", "bytes 400-999/1000"}};
    auto same = range;
    same["last-modified"] = date;
    auto other = range;
    other["last-modified"] = "Mon, 02 Nov 2026 10:00:01 GMT";
    EXPECT_EQ(dated.judge(partial(same), offset), verdict::continues);
    EXPECT_EQ(dated.judge(partial(other), offset), verdict::differs);
    EXPECT_EQ(dated.judge(partial(range), offset), verdict::differs);
}

TEST(ContentValidator, GluesNothingThatCouldNotBeChecked)
{
    const auto rest = partial({{"etag", etag}, {"last-modified", date}, {"content-range", "bytes 400-999/1000"}});
    const auto again = whole({{"etag", etag}, {"last-modified", date}, {"content-length", "1000"}});
    for (const auto& first : {content_validator(), content_validator(whole({{"etag", etag}})),
                              content_validator(whole({{"content-length", "1000"}}))}) {
        EXPECT_EQ(first.judge(rest, offset), verdict::differs);
        EXPECT_EQ(first.judge(again, offset), verdict::differs);
        EXPECT_EQ(first.judge(whole({{"content-length", "1000"}}), offset), verdict::differs);
    }
}

TEST(ContentValidator, JudgesTheFirstAndTheLastByteOfTheLargestFile)
{
    const auto most = std::numeric_limits<std::uint64_t>::max();
    const content_validator first(whole({{"content-length", std::to_string(most)}, {"etag", etag}}));
    const auto range_from = [&](std::uint64_t begin) {
        return "bytes " + std::to_string(begin) + '-' + std::to_string(most - 1) + '/' + std::to_string(most);
    };
    for (const std::uint64_t begin : {std::uint64_t{0}, most - 1})
        EXPECT_EQ(first.judge(partial({{"etag", etag}, {"content-range", range_from(begin)}}), begin),
                  verdict::continues);
}

} // namespace
} // namespace ttsave::media
