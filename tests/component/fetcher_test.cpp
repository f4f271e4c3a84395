// The scripted server plays the proxy that all of a fetcher's transfers go through.

#include "media/fetcher.hpp"

#include "delivery/growing_file.hpp"
#include "origin.hpp"
#include "running.hpp"
#include "store/spool.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>

namespace ttsave::media {
namespace {

namespace asio = boost::asio;
using namespace test;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Fetcher : public testing::Test {
protected:
    Fetcher() : directory_(std::filesystem::temp_directory_path() / ("ttsave-fetcher-" + std::to_string(::getpid()))) {}
    ~Fetcher() override { std::filesystem::remove_all(directory_); }

    result<void> fetch(const std::vector<std::string>& hosts)
    {
        net::transfer_engine engine;
        fetcher own(engine, plain_http);
        asio::io_context context(1);
        auto request = origin_.request_for(hosts, max_bytes_);
        for (auto& source : request.sources)
            source.headers.insert(source.headers.end(), headers_.begin(), headers_.end());
        return test::run(context, own.fetch(std::move(request), file_));
    }

    std::string fetched() const
    {
        std::string bytes(file_->size(), '\0');
        EXPECT_EQ(::pread(file_->descriptor(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
        return bytes;
    }

    origin origin_;
    std::uint64_t max_bytes_ = 1'000'000;
    std::vector<std::string> headers_; // of all sources, besides their Referer
    const std::filesystem::path directory_;
    store::spool spool_{directory_, std::uint64_t{1} << 30};
    budget memory_{0};
    const std::shared_ptr<delivery::growing_file> file_ = std::make_shared<delivery::growing_file>(
        std::move(*spool_.create()), std::string(), delivery::file_services{spool_.room(), memory_});
};

TEST_F(Fetcher, FetchesWithTheSourcesOwnHeadersAndCookies)
{
    const auto video = video_of(50'000);
    origin_.add("a.example", whole(video));
    ASSERT_TRUE(fetch({"a.example"}));
    EXPECT_EQ(fetched(), video);
    EXPECT_EQ(file_->state().type->mime, "video/mp4");
    EXPECT_EQ(file_->state().total, video.size());
    EXPECT_THAT(origin_.heads().front(), HasSubstr("Referer: page\r\n"));
    EXPECT_THAT(origin_.heads().front(), HasSubstr("Cookie: c=a.example\r\n"));
}

TEST_F(Fetcher, TriesTheNextSourceUntilOneHasMedia)
{
    const auto video = video_of(5'000);
    origin_.add("refused.example", head_of("403 Forbidden", 0));
    origin_.add("html.example", whole("<!DOCTYPE html><html><body>busy</body></html>"));
    origin_.add("empty.example", head_of("200 OK", 0));
    origin_.add("image.example", whole("\xff\xd8\xff\xe0 a picture, where a video was promised"));
    origin_.add("large.example", head_of("200 OK", 2'000'000));
    origin_.add("good.example", whole(video));
    ASSERT_TRUE(
        fetch({"refused.example", "html.example", "empty.example", "image.example", "large.example", "good.example"}));
    EXPECT_EQ(fetched(), video);
}

TEST_F(Fetcher, TellsThatTheFileIsTooLargeOnlyWhenNoSourceHasASmallerOne)
{
    origin_.add("large.example", head_of("200 OK", 2'000'000));
    origin_.add("refused.example", head_of("403 Forbidden", 0));
    EXPECT_EQ(fetch({"large.example", "refused.example"}).error(), errc::post_too_large);
    EXPECT_EQ(file_->size(), 0u);
}

TEST_F(Fetcher, StopsAFileOfUnknownLengthAtTheLimit)
{
    max_bytes_ = 10'000;
    origin_.add("a.example", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + video_of(50'000));
    EXPECT_EQ(fetch({"a.example"}).error(), errc::post_too_large);
    EXPECT_LE(file_->size(), max_bytes_);
}

TEST_F(Fetcher, ResumesABrokenTransferWhereItBroke)
{
    const auto video = video_of(50'000);
    origin_.add("a.example", head_of("200 OK", video.size(), etag) + video.substr(0, 20'000));
    origin_.add("a.example", range_of(video, 20'000, etag));
    ASSERT_TRUE(fetch({"a.example", "b.example"}));
    EXPECT_EQ(fetched(), video);
    ASSERT_EQ(origin_.heads().size(), 2u);
    EXPECT_THAT(origin_.heads()[1], HasSubstr("Range: bytes=20000-\r\n"));
    EXPECT_THAT(origin_.heads()[1], HasSubstr("If-Range: \"one\"\r\n"));
}

TEST_F(Fetcher, ResumesAStalledTransferFromAnotherHostWithTheSameFile)
{
    const auto video = video_of(50'000);
    origin_.add("a.example", [&](scripted_connection& peer, const std::string&) {
        peer.send(head_of("200 OK", video.size(), etag) + video.substr(0, 20'000));
        peer.wait_for_close();
    });
    origin_.add("a.example", head_of("503 Service Unavailable", 0));
    origin_.add("b.example", range_of(video, 20'000, etag));
    ASSERT_TRUE(fetch({"a.example", "b.example"}));
    EXPECT_EQ(fetched(), video);
}

TEST_F(Fetcher, AnAnswerThatStartsOverMustRepeatTheSameBytes)
{
    const auto video = video_of(50'000);
    origin_.add("a.example", head_of("200 OK", video.size(), etag) + video.substr(0, 20'000));
    origin_.add("a.example", whole(video, etag));
    ASSERT_TRUE(fetch({"a.example"}));
    EXPECT_EQ(fetched(), video);
}

/// Never glue two different files: every way in which a later answer can be of another one.
TEST_F(Fetcher, GluesNoTwoFiles)
{
    const auto video = video_of(50'000);
    auto other = video;
    other[30] = 'X';
    const std::string longer = video_of(50'001);
    origin_.add("a.example", head_of("200 OK", video.size(), etag) + video.substr(0, 20'000));
    origin_.add("a.example", range_of(other, 20'000, "ETag: \"two\"\r\n"));
    origin_.add("b.example", range_of(longer, 20'000, etag));
    origin_.add("a.example", range_of(video, 20'000, ""));
    origin_.add("b.example", whole(other, etag));
    EXPECT_EQ(fetch({"a.example", "b.example"}).error(), errc::media_unavailable);
    EXPECT_EQ(fetched(), video.substr(0, 20'000));
}

TEST_F(Fetcher, WithoutAnyValidatorThereIsNoResuming)
{
    const auto video = video_of(50'000);
    origin_.add("a.example", head_of("200 OK", video.size()) + video.substr(0, 20'000));
    origin_.add("a.example", range_of(video, 20'000, ""));
    EXPECT_EQ(fetch({"a.example"}).error(), errc::media_unavailable);
    EXPECT_EQ(origin_.heads().size(), 1u);
}

TEST_F(Fetcher, FollowsARedirectToAnotherHostWithoutCookiesAndCredentials)
{
    const auto video = video_of(5'000);
    origin_.add("a.example", head_of("302 Found", 0, "Location: /again\r\n"));
    origin_.add("a.example", head_of("302 Found", 0, "Location: http://b.a.example/moved\r\n"));
    origin_.add("b.a.example", head_of("302 Found", 0, "Location: http://a.example/back\r\n"));
    origin_.add("a.example", whole(video));
    headers_ = {"Authorization: Bearer secret", "X-Token: secret", "User-Agent: browser"};
    ASSERT_TRUE(fetch({"a.example"}));
    const auto heads = origin_.heads();
    ASSERT_EQ(heads.size(), 4u);
    EXPECT_THAT(heads[1], AllOf(HasSubstr("GET http://a.example/again "), HasSubstr("Cookie: c=a.example\r\n"),
                                HasSubstr("Authorization: Bearer secret\r\n")));
    for (const std::size_t hop : {2, 3})
        EXPECT_THAT(heads[hop], AllOf(HasSubstr("User-Agent: browser\r\n"), Not(HasSubstr("Cookie")),
                                      Not(HasSubstr("Referer")), Not(HasSubstr("secret"))));
}

TEST_F(Fetcher, GivesASourceUpAfterFiveRedirects)
{
    for (int count = 0; count < 10; ++count)
        origin_.add("a.example", head_of("302 Found", 0, "Location: http://a.example/again\r\n"));
    EXPECT_EQ(fetch({"a.example"}).error(), errc::media_unavailable);
    EXPECT_EQ(origin_.heads().size(), 6u);
}

TEST_F(Fetcher, AsksNothingOfAddressesThatAreNotPublic)
{
    const std::vector<std::string> targets{
        "http://127.0.0.1/",  "http://10.1.2.3/x",  "http://[::1]/",        "http://localhost/",   "//127.0.0.1/",
        "http://2130706433/", "file:///etc/passwd", "gopher://b.example/",  "https://b.example/",  "//u:p@b.example/",
        "\\\\127.0.0.1/x",    "http:127.0.0.1/",    "http://b.example:81/", "http:\\\\127.0.0.1/", "ftp://b.example/",
    };
    for (const auto& target : targets) {
        origin_.add("a.example", head_of("302 Found", 0, "Location: " + target + "\r\n"));
        EXPECT_EQ(fetch({"a.example"}).error(), errc::media_unavailable) << target;
    }
    EXPECT_EQ(origin_.heads().size(), targets.size());
}

TEST_F(Fetcher, ASourceThatMayNotBeAskedIsPassedOver)
{
    const auto video = video_of(5'000);
    origin_.add("good.example", whole(video));
    ASSERT_TRUE(fetch({"127.0.0.1", "localhost", "[::1]", "good.example"}));
    EXPECT_EQ(origin_.heads().size(), 1u);
}

} // namespace
} // namespace ttsave::media
