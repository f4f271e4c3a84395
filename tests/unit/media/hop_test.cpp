// media/hop.hpp: what follows a redirect, and what does not.

#include "media/hop.hpp"

#include <gmock/gmock.h>

namespace ttsave::media {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const fetch_source source{"https://cdn.example/video?sign=1",
                          {"User-Agent: browser", "Accept: */*", "Accept-Language: en",
                           "Referer: https://www.tiktok.com/@a/video/1?x=y", "Authorization: Bearer secret",
                           "COOKIE: a=secret", "X-Token: secret", "Sec-Fetch-Mode: navigate"},
                          "tt_chain_token=secret"};

hop start()
{
    return *first_hop(source, {});
}

TEST(Hop, TheFirstHostGetsWhatThePageHasForIt)
{
    EXPECT_EQ(start().url.text(), source.url);
    EXPECT_EQ(start().headers, source.headers);
    EXPECT_EQ(start().cookies, source.cookies);
}

TEST(Hop, TheSameHostGetsItAgain)
{
    for (const auto* location : {"/moved", "?again", "//cdn.example/x", "https://CDN.example:443/x"}) {
        const auto next = next_hop(start(), location);
        ASSERT_TRUE(next) << location;
        EXPECT_EQ(next->headers, source.headers) << location;
        EXPECT_EQ(next->cookies, source.cookies) << location;
    }
}

TEST(Hop, AnotherHostGetsNothingPersonal)
{
    for (const auto* location : {"https://other.example/x", "//a.cdn.example/", "https://example.com/",
                                 "https://cdn.example.evil.example/", "https://xcdn.example/"}) {
        const auto next = next_hop(start(), location);
        ASSERT_TRUE(next) << location;
        EXPECT_THAT(next->headers, ElementsAre("User-Agent: browser", "Accept: */*", "Accept-Language: en",
                                               "Referer: https://www.tiktok.com/"))
            << location;
        EXPECT_THAT(next->cookies, IsEmpty()) << location;
    }
}

TEST(Hop, WhatWasTakenAwayStaysAwayOnTheWayBack)
{
    const auto away = next_hop(start(), "https://other.example/");
    ASSERT_TRUE(away);
    const auto back = next_hop(*away, source.url);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->url.host(), "cdn.example");
    EXPECT_EQ(back->headers, away->headers);
    EXPECT_THAT(back->cookies, IsEmpty());
}

TEST(Hop, ARefererThatIsNoUrlIsNotPassedOn)
{
    for (const std::string referer : {"Referer: page", "Referer:", "Referer", "referer: https://secret"}) {
        const auto next = next_hop(*first_hop({source.url, {referer}, {}}, {}), "https://other.example/");
        ASSERT_TRUE(next);
        EXPECT_THAT(next->headers, IsEmpty()) << referer;
    }
}

TEST(Hop, ThereIsNoneWhereNothingMayBeAsked)
{
    for (const auto* url : {"http://cdn.example/", "https://127.0.0.1/", "file:///etc/passwd", ""})
        EXPECT_FALSE(first_hop({url, {}, {}}, {})) << url;
    for (const auto* location : {"http://cdn.example/", "https://127.0.0.1/", "//localhost/",
                                 "https://u:p@cdn.example/", "file:///etc/passwd", "https://cdn.example:8443/"})
        EXPECT_FALSE(next_hop(start(), location)) << location;
}

} // namespace
} // namespace ttsave::media
