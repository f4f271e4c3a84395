// Contract, "Codes of posts that cannot be had": stable, listed once, none renamed.

#include "core/errc.hpp"

#include "builders.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ttsave {
namespace {

using namespace std::literals;

TEST(Errc, GivesThePostFailuresTheCodesOfTheContract)
{
    EXPECT_EQ(stable_code(errc::post_private), "post.private");
    EXPECT_EQ(stable_code(errc::post_unavailable), "post.unavailable");
    EXPECT_EQ(stable_code(errc::post_login_required), "post.login_required");
    EXPECT_EQ(stable_code(errc::post_unsupported), "post.unsupported");
    EXPECT_EQ(stable_code(errc::post_too_large), "post.too_large");
    EXPECT_EQ(stable_code(errc::tiktok_blocked), "tiktok.blocked");
    EXPECT_EQ(stable_code(errc::tiktok_timeout), "tiktok.timeout");
    EXPECT_EQ(stable_code(errc::tiktok_error), "tiktok.error");
    EXPECT_EQ(stable_code(errc::media_unavailable), "media.unavailable");
    EXPECT_EQ(stable_code(errc::extractor_failed), "extractor.failed");
    EXPECT_EQ(stable_code(errc::media_broken), "media.broken");
    EXPECT_EQ(stable_code(errc::slideshow_unavailable), "slideshow.unavailable");
    EXPECT_EQ(stable_code(errc::slideshow_failed), "slideshow.failed");
    EXPECT_EQ(stable_code(errc::storage_failed), "storage.failed");
}

TEST(Errc, HasDistinctCodes)
{
    std::set<std::string_view> codes;
    for (const errc value : test::every_errc())
        EXPECT_TRUE(codes.insert(stable_code(value)).second) << stable_code(value);
    EXPECT_GE(codes.size(), 14u);
}

TEST(Errc, ReadsBackThePostFailuresAndNothingElse)
{
    const std::set<errc> not_of_posts{
        errc::media_broken, errc::slideshow_unavailable, errc::slideshow_failed, errc::storage_failed,
        errc::overloaded,   errc::shutting_down,         errc::marker_in_media};
    for (const errc value : test::every_errc()) {
        const auto expected = not_of_posts.contains(value) ? std::nullopt : std::optional(value);
        EXPECT_EQ(post_failure_from_code(stable_code(value)), expected) << stable_code(value);
    }
    for (const auto text : {""sv, "unknown"sv, "post"sv, "post."sv, "POST.PRIVATE"sv, " post.private"sv,
                            "post.private "sv, "post.private\0"sv, "post_private"sv})
        EXPECT_EQ(post_failure_from_code(text), std::nullopt) << text;
}

TEST(Errc, BecomesAnErrorCodeThatSaysItsStableCode)
{
    for (const errc value : test::every_errc()) {
        const error_code error = value;
        EXPECT_TRUE(error.failed());
        EXPECT_EQ(error, value);
        EXPECT_EQ(error.message(), stable_code(value));
        EXPECT_STREQ(error.category().name(), "ttsave");
    }
    EXPECT_NE(error_code(errc::post_private), error_code(1, boost::system::generic_category()));
}

} // namespace
} // namespace ttsave
