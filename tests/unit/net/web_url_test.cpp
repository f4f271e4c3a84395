// net/web_url.hpp: which addresses of a page and of a redirect are asked for, and what of.

#include "net/web_url.hpp"

#include <gmock/gmock.h>

namespace ttsave::net {
namespace {

TEST(WebUrl, TakesHttpsUrlsOfPublicNames)
{
    struct sample {
        const char* text;
        const char* host;
    };
    for (const auto& [text, host] : {
             sample{"https://v16-webapp-prime.tiktok.com/video/tos/a/?a=1988&bti=x", "v16-webapp-prime.tiktok.com"},
             sample{"https://p16-sign-va.tiktokcdn.com/obj/a~tplv:1.jpeg?x=[1]|{2}&y=%zz", "p16-sign-va.tiktokcdn.com"},
             sample{"HTTPS://WWW.TikTok.COM", "www.tiktok.com"},
             sample{"https://www.tiktok.com:443/x", "www.tiktok.com"},
             sample{"https://www.tiktok.com:443", "www.tiktok.com"},
             sample{"https://www.tiktok.com?x=//127.0.0.1/", "www.tiktok.com"},
             sample{"https://www.tiktok.com#@127.0.0.1/", "www.tiktok.com"},
             sample{"https://www.tiktok.com/@127.0.0.1:80/", "www.tiktok.com"},
             sample{"https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai"},
             sample{"https://a_b.c--d.example/", "a_b.c--d.example"},
             sample{"https://127.0.0.1.tiktok.com/", "127.0.0.1.tiktok.com"},
             sample{"https://localhost.tiktok.com/", "localhost.tiktok.com"},
         }) {
        const auto url = web_url::parse(text);
        ASSERT_TRUE(url) << text;
        EXPECT_EQ(url->text(), text);
        EXPECT_EQ(url->host(), host);
    }
}

TEST(WebUrl, AnotherSchemeTakesTheTurnOfHttps)
{
    const web_scheme http{"http", "80"};
    EXPECT_TRUE(web_url::parse("http://www.tiktok.com:80/", http));
    EXPECT_FALSE(web_url::parse("http://www.tiktok.com:443/", http));
    EXPECT_FALSE(web_url::parse("https://www.tiktok.com/", http));
    EXPECT_FALSE(web_url::parse("http://127.0.0.1/", http));
    EXPECT_EQ(web_url::parse("http://www.tiktok.com/a", http)->redirect("//b.example/c")->text(), "http://b.example/c");
}

TEST(WebUrl, FollowsReferencesOfAllKinds)
{
    const auto base = web_url::parse("https://a.example/b/c?d#e");
    ASSERT_TRUE(base);
    struct sample {
        const char* location;
        const char* leads_to;
    };
    for (const auto& [location, leads_to] : {
             sample{"https://other.example/x?y", "https://other.example/x?y"},
             sample{"//other.example/x", "https://other.example/x"},
             sample{"/x", "https://a.example/x"},
             sample{"x", "https://a.example/b/x"},
             sample{"../x", "https://a.example/x"},
             sample{"?x", "https://a.example/b/c?x"},
             sample{"/x//127.0.0.1/", "https://a.example/x//127.0.0.1/"},
             sample{"/x:80@127.0.0.1/", "https://a.example/x:80@127.0.0.1/"},
             sample{"./x:y", "https://a.example/b/x:y"},
         }) {
        const auto next = base->redirect(location);
        ASSERT_TRUE(next) << location;
        EXPECT_EQ(next->text(), leads_to) << location;
    }
}

TEST(WebUrl, AReferenceKeepsThePort)
{
    EXPECT_EQ(web_url::parse("https://a.example:443/b")->redirect("/c")->host(), "a.example");
}

TEST(PublicName, HasTwoLabelsAndEndsLikeNoAddress)
{
    for (const auto* name : {"tiktok.com", "www.tiktok.com", "a-b.c_d.example", "1.2.3.4.example", "0x7f.com", "a.b1"})
        EXPECT_TRUE(is_public_name(name)) << name;
    for (const auto* name : {"",
                             ".",
                             "com",
                             ".com",
                             "tiktok.com.",
                             "tiktok..com",
                             "a.1",
                             "1.2.3.4",
                             "a.0x7f",
                             "::1",
                             "[::1]",
                             "a.b:80",
                             "a@b.example",
                             "b.example/c",
                             "b.example?",
                             "b.example#",
                             "a%2e.example",
                             "WWW.TIKTOK.COM",
                             "a b.example",
                             "a.b\nc",
                             "a\\b.example",
                             "\321\217.example",
                             "a.\343\200\202com"})
        EXPECT_FALSE(is_public_name(name)) << name;
    EXPECT_TRUE(is_public_name(std::string(251, 'a') + ".b"));
    EXPECT_FALSE(is_public_name(std::string(252, 'a') + ".b"));
}

} // namespace
} // namespace ttsave::net
