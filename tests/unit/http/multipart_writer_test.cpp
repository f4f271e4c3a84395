// Contract, "Success": the framing, byte for byte.

#include "http/multipart_writer.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <set>

namespace ttsave::http {
namespace {

TEST(MultipartWriter, FramesABodyAsTheContractShowsIt)
{
    const multipart_writer framing{std::string(simple_boundary)};
    EXPECT_EQ(framing.content_type(), "multipart/x-mixed-replace; boundary=simple_boundary");
    EXPECT_EQ(framing.part_head("video/mp4", "7312345678901234567.mp4", 1234567),
              "--simple_boundary\r\n"
              "Content-Type: video/mp4\r\n"
              "Content-Disposition: attachment; filename=\"7312345678901234567.mp4\"\r\n"
              "Content-Length: 1234567\r\n"
              "\r\n");
    EXPECT_EQ(multipart_writer::part_tail, "\r\n");
    EXPECT_EQ(framing.closing(), "--simple_boundary--\r\n");
}

TEST(MultipartWriter, TellsTheSizeOnlyWhenItIsKnown)
{
    const multipart_writer framing("b");
    EXPECT_EQ(framing.part_head("image/jpeg", "1_01.jpg", std::nullopt),
              "--b\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename=\"1_01.jpg\"\r\n\r\n");
    EXPECT_THAT(framing.part_head("image/jpeg", "1.jpg", 0), testing::HasSubstr("\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_THAT(framing.part_head("image/jpeg", "1.jpg", std::numeric_limits<std::uint64_t>::max()),
                testing::HasSubstr("\r\nContent-Length: 18446744073709551615\r\n\r\n"));
}

TEST(MultipartWriter, SearchesFilesForWhatItWrites)
{
    const multipart_writer framing{std::string(simple_boundary)};
    EXPECT_THAT(framing.part_head("video/mp4", "1.mp4", 1), testing::StartsWith(simple_delimiter));
    EXPECT_THAT(framing.closing(), testing::StartsWith(simple_delimiter));
}

TEST(MultipartWriter, MakesFreshBoundariesThatNeedNoQuotes)
{
    std::set<std::string> boundaries;
    for (int count = 0; count < 1000; ++count) {
        const auto boundary = random_boundary();
        EXPECT_TRUE(boundaries.insert(boundary).second);
        // RFC 2046 section 5.1.1 allows 70 characters; the simple boundary inside would find itself.
        EXPECT_GE(boundary.size(), 32u);
        EXPECT_LE(boundary.size(), 70u);
        EXPECT_EQ(boundary.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"),
                  std::string::npos);
        EXPECT_EQ(boundary.find(simple_boundary), std::string::npos);
    }
}

} // namespace
} // namespace ttsave::http
