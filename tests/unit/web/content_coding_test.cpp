// RFC 9110 section 12.5.3: which coding a client would rather have.

#include "web/content_coding.hpp"

#include <gtest/gtest.h>

namespace ttsave::web {
namespace {

void expect_all(content_coding expected, std::initializer_list<std::string_view> accepted)
{
    for (const auto each : accepted)
        EXPECT_EQ(preferred_coding(each), expected) << each;
}

TEST(ContentCoding, IsGzipForWhoNamesIt)
{
    expect_all(content_coding::gzip,
               {"gzip", "GZip", "x-gzip", "gzip, deflate, br, zstd", "br,gzip", " , ,gzip,", "deflate\t,\tgzip",
                "gzip;q=0.001", "gzip ; Q=1.000", "gzip;q=1.", "gzip;q=0.5, br;q=1"});
}

TEST(ContentCoding, IsGzipForWhoTakesAnything)
{
    expect_all(content_coding::gzip, {"*", "*;q=0.1", "br, *", "identity;q=0, *", "identity;q=0.5, *;q=0.5"});
}

TEST(ContentCoding, IsGzipForWhoWeighsBothAlike)
{
    expect_all(content_coding::gzip, {"gzip, identity", "identity;q=0.5, gzip;q=0.5", "gzip;q=0.5, identity;q=0.499"});
}

TEST(ContentCoding, IsNoneForWhoNamesNothingHere)
{
    expect_all(content_coding::identity, {"", " ", ",", "identity", "br", "deflate, br", "gzipped", "xgzip", "gzip2"});
}

TEST(ContentCoding, IsNoneForWhoExcludesGzip)
{
    expect_all(content_coding::identity,
               {"gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "*, gzip;q=0.", "br, x-gzip;q=0"});
}

TEST(ContentCoding, IsNoneForWhoWouldRatherHaveNone)
{
    expect_all(content_coding::identity,
               {"gzip;q=0.5, identity", "identity;q=0.501, gzip;q=0.5", "*;q=0.5, identity", "gzip;q=0.5, *"});
}

TEST(ContentCoding, IsNoneRatherThanNoAnswerForWhoAcceptsNeither)
{
    expect_all(content_coding::identity, {"identity;q=0", "gzip;q=0, identity;q=0", "*;q=0, br"});
}

TEST(ContentCoding, CountsNoMemberThatIsNotInTheGrammar)
{
    expect_all(content_coding::identity, {"gzip;q=2", "gzip;q=1.001", "gzip;q=0.5000", "gzip;q=", "gzip;q", "gzip;",
                                          "gzip;q=-1", "gzip;q=.5", "gzip;q=1e0", "gzip;q=x", "gzip;p=1", "gzip;q = 1",
                                          "gzip;q=0.5;q=1", "gz ip", "gzip\"", ";q=1", "\xff"});
    expect_all(content_coding::gzip, {"gzip;q=2, gzip", "br;;q=1, gzip"});
}

} // namespace
} // namespace ttsave::web
