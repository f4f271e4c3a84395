// What a page or a redirect may name, and nobody may be asked for.

#include "net/web_url.hpp"

#include "builders.hpp"
#include "hostile_authorities.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <string>
#include <vector>

namespace ttsave::net {
namespace {

using test::group;

const group ports{"another port",
                  {"www.tiktok.com:80", "www.tiktok.com:8443", "www.tiktok.com:22", "www.tiktok.com:0",
                   "www.tiktok.com:", "www.tiktok.com:0443", "www.tiktok.com:+443", "www.tiktok.com:443a",
                   "www.tiktok.com:65979", "www.tiktok.com:4294967739", "www.tiktok.com:443:443",
                   "www.tiktok.com:%34%34%33", "www.tiktok.com:x"}};

const std::vector<group> others{
    {"not absolute", {"", "/x", "www.tiktok.com/x", "?x", "#x", "x", "https", "https:", ":", "://www.tiktok.com/"}},
    {"plain http",
     {"http://www.tiktok.com/", "HTTP://www.tiktok.com/", "http://www.tiktok.com:443/", "http://127.0.0.1/",
      "http://169.254.169.254/latest/meta-data/", "http:///www.tiktok.com/"}},
    {"another scheme",
     {"file:///etc/passwd",
      "FILE:///etc/passwd",
      "file://localhost/etc/passwd",
      "ftp://www.tiktok.com/x",
      "ftps://www.tiktok.com/x",
      "gopher://www.tiktok.com/_x",
      "dict://www.tiktok.com/x",
      "scp://www.tiktok.com/x",
      "sftp://www.tiktok.com/x",
      "smb://www.tiktok.com/x",
      "ldap://www.tiktok.com/x",
      "tftp://www.tiktok.com/x",
      "telnet://www.tiktok.com/",
      "imap://www.tiktok.com/",
      "rtmp://www.tiktok.com/",
      "ws://www.tiktok.com/",
      "wss://www.tiktok.com/",
      "data:video/mp4,x",
      "javascript:x",
      "blob:https://www.tiktok.com/x",
      "url:https://www.tiktok.com/",
      "view-source:https://www.tiktok.com/",
      "httpss://www.tiktok.com/",
      "xhttps://www.tiktok.com/",
      "https+unix://www.tiktok.com/",
      "jar:https://www.tiktok.com/!/"}},
    {"slashes too many, too few or the wrong ones",
     {"https:/www.tiktok.com/", "https:www.tiktok.com/", "https:///www.tiktok.com/", "https:////127.0.0.1/",
      "https:\\\\www.tiktok.com/", "https:/\\www.tiktok.com/", "https://\\www.tiktok.com/", "https:127.0.0.1/",
      "https:/127.0.0.1/"}},
    {"white space around it",
     {" https://www.tiktok.com/", "https://www.tiktok.com/ ", "https ://www.tiktok.com/", "https:// www.tiktok.com/",
      "ht\ntps://www.tiktok.com/", "https://www.tiktok.com/\r\nHost: 127.0.0.1", "https://www.tiktok.com/a b",
      "https://www.tiktok.com/\\..\\"}},
};

std::vector<group> authorities()
{
    auto all = test::hostile_authorities;
    all.push_back(ports);
    return all;
}

std::vector<std::string> spellings()
{
    std::vector<std::string> all;
    for (const auto& [kind, members] : authorities())
        for (const auto* authority : members)
            for (const std::string after : {"", "/", "/x.mp4", "?x", "#x"})
                all.push_back("https://" + std::string(authority) + after);
    for (const auto& [kind, members] : others)
        all.insert(all.end(), members.begin(), members.end());
    return all;
}

TEST(WebUrlRefusals, AsTheAddressOfAPage)
{
    EXPECT_GT(spellings().size(), 1'000u);
    for (const auto& spelling : spellings())
        EXPECT_FALSE(web_url::parse(spelling)) << spelling;
    EXPECT_FALSE(web_url::parse(std::string_view("https://www.tiktok.com\0.a.example/", 34)));
    EXPECT_FALSE(web_url::parse(std::string_view("https://www.tiktok.com/\0", 24)));
}

TEST(WebUrlRefusals, AsTheTargetOfARedirect)
{
    const auto base = web_url::parse("https://www.tiktok.com/a/b");
    ASSERT_TRUE(base);
    for (const auto& spelling : spellings()) {
        const auto next = base->redirect(spelling); // what has no scheme is a path of the same host
        EXPECT_TRUE(!next || next->text().starts_with("https://www.tiktok.com/")) << spelling;
    }
    for (const auto& [kind, members] : authorities())
        for (const auto* authority : members)
            for (const std::string before : {"https://", "https:", "HTTPS://", "http://", "//", "///", "\\\\", "/\\"}) {
                const std::string location = before + authority + "/x";
                const auto next = base->redirect(location);
                EXPECT_FALSE(next && next->host() != "www.tiktok.com") << location << ": " << kind;
                EXPECT_FALSE(next && before.back() != '/') << location << ": " << kind;
            }
}

TEST(WebUrlRefusals, NoAccidentMakesAUrlOfAnotherHost)
{
    static const std::regex plain("https://([a-z0-9_-]+\\.)+[a-z][a-z0-9_-]*(:443)?([/?#][!-~]*)?", std::regex::icase);
    const std::vector<std::string> originals{"https://v16-webapp-prime.tiktok.com/video/tos/a/?a=1988&bti=x",
                                             "https://www.tiktok.com:443/@a/video/1", "https://user:x@vt.tiktok.com/a",
                                             "https://127.0.0.1.tiktok.com/", "https://[::ffff:127.0.0.1]/x.mp4"};
    test::mutator chance(
        2027, "https:// http:// // \\ / @ : :80 [ ] %2e %00 %40 0x7f 127.0.0.1 localhost . .. ? # ; \343\200\202");
    const auto base = web_url::parse("https://a.example/b");
    int accepted = 0;
    for (int count = 0; count < 20'000; ++count) {
        const auto text = chance(originals[chance.below(originals.size())]);
        for (const auto& url : {web_url::parse(text), base->redirect(text)}) {
            if (!url)
                continue;
            ++accepted;
            EXPECT_TRUE(std::regex_match(url->text(), plain)) << text << " becomes " << url->text();
            EXPECT_TRUE(is_public_name(url->host())) << text;
        }
    }
    EXPECT_GT(accepted, 2'000) << "the accidents are too destructive to show anything";
}

} // namespace
} // namespace ttsave::net
