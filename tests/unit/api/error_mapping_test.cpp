// Contract, "Errors": which status and body each failure becomes.

#include "api/error_mapping.hpp"

#include "builders.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

namespace ttsave::api {
namespace {

namespace json = boost::json;

struct expectation {
    http::status status;
    std::string body;
};

expectation cannot_be_had(const std::string& code)
{
    return {http::status::bad_request, R"({"detail":"No files available for download","code":")" + code + "\"}"};
}

const expectation unavailable{http::status::service_unavailable, R"({"detail":"Service Unavailable"})"};

const std::map<errc, expectation> expectations{
    {errc::post_private, cannot_be_had("post.private")},
    {errc::post_unavailable, cannot_be_had("post.unavailable")},
    {errc::post_login_required, cannot_be_had("post.login_required")},
    {errc::post_unsupported, cannot_be_had("post.unsupported")},
    {errc::post_too_large, cannot_be_had("post.too_large")},
    {errc::tiktok_blocked, cannot_be_had("tiktok.blocked")},
    {errc::tiktok_timeout, cannot_be_had("tiktok.timeout")},
    {errc::tiktok_error, cannot_be_had("tiktok.error")},
    {errc::media_unavailable, cannot_be_had("media.unavailable")},
    {errc::extractor_failed, cannot_be_had("extractor.failed")},
    {errc::media_broken, cannot_be_had("media.broken")},
    {errc::slideshow_unavailable,
     {http::status::internal_server_error,
      R"({"message":"Internal Server Error","detail":"Error: this server cannot make videos of photos",)"
      R"("code":"slideshow.unavailable"})"}},
    {errc::slideshow_failed,
     {http::status::internal_server_error,
      R"({"message":"Internal Server Error","detail":"Error: the video could not be made","code":"slideshow.failed"})"}},
    {errc::storage_failed,
     {http::status::internal_server_error, R"({"detail":"Failed to save the file","code":"storage.failed"})"}},
    {errc::overloaded, unavailable},
    {errc::shutting_down, unavailable},
};

TEST(ErrorMapping, AnswersEveryFailureAsTheContractSays)
{
    for (const auto& [failure, expected] : expectations) {
        const auto answer = failure_response(failure);
        EXPECT_EQ(answer.status, expected.status) << stable_code(failure);
        EXPECT_EQ(answer.content_type, "application/json") << stable_code(failure);
        EXPECT_EQ(json::parse(answer.body), json::parse(expected.body)) << stable_code(failure);
    }
}

TEST(ErrorMapping, TellsWhenToTryAgainWithA503Alone)
{
    for (const auto& [failure, expected] : expectations) {
        const auto fields = failure_response(failure).fields;
        if (expected.status != http::status::service_unavailable) {
            EXPECT_TRUE(fields.empty()) << stable_code(failure);
            continue;
        }
        ASSERT_EQ(fields.size(), 1u);
        EXPECT_EQ(fields[0].first, "Retry-After");
        EXPECT_GT(std::stoi(fields[0].second), 0);
    }
}

void expect_internal_error(const error_code& failure)
{
    const auto answer = failure_response(failure);
    EXPECT_EQ(answer.status, http::status::internal_server_error);
    EXPECT_EQ(answer.content_type, "application/json");
    const auto body = json::parse(answer.body).as_object();
    EXPECT_EQ(body.at("message"), json::value("Internal Server Error"));
    EXPECT_TRUE(body.at("detail").as_string().starts_with("Error: ")) << answer.body;
    EXPECT_EQ(body.size(), body.contains("code") ? 3u : 2u);
}

TEST(ErrorMapping, MakesA500OfEverythingElse)
{
    for (const errc failure : test::every_errc())
        if (!expectations.contains(failure))
            expect_internal_error(failure);
    expect_internal_error({1, boost::system::generic_category()});
    expect_internal_error({104, boost::system::system_category()});
    expect_internal_error({10'000, error_code(errc::storage_failed).category()});
}

TEST(ErrorMapping, DoesNotTellTheInsidesOfAnUnexpectedFailure)
{
    const error_code failure(2, boost::system::system_category());
    EXPECT_EQ(failure_response(failure).body.find(failure.message()), std::string::npos);
}

TEST(ErrorMapping, KnowsAllButTheFailureThatIsFoundTooLateForAnAnswer)
{
    for (const errc failure : test::every_errc())
        EXPECT_EQ(expectations.contains(failure), failure != errc::marker_in_media) << stable_code(failure);
}

} // namespace
} // namespace ttsave::api
