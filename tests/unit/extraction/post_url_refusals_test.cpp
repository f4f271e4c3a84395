// Contract, "The request body of download": another host, a user-info part, a port other than 80 and 443 or another
// scheme is refused before anything is fetched.

#include "extraction/post_url.hpp"

#include "builders.hpp"
#include "hostile_authorities.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

namespace ttsave::extraction {
namespace {

using namespace std::literals;

/// Each text is refused as a link and holds none.
void expect_no_link(std::initializer_list<std::string_view> texts)
{
    for (const auto text : texts) {
        EXPECT_FALSE(parse_post_link(text)) << text;
        EXPECT_FALSE(find_post_link(text)) << text;
    }
}

TEST(PostUrlRefusals, OtherHosts)
{
    expect_no_link({
        "https://example.com/@a/video/1",
        "https://www.tiktok.com.evil.com/@a/video/1",
        "https://tiktok.com.evil.com/@a/video/1",
        "https://eviltiktok.com/@a/video/1",
        "https://evil-tiktok.com/@a/video/1",
        "https://xwww.tiktok.com/@a/video/1",
        "https://www.tiktok.co/@a/video/1",
        "https://www.tiktok.comm/@a/video/1",
        "https://tiktokvv.com/@a/video/1",
        "https://api.tiktok.com/@a/video/1",
        "https://vm.tiktokv.com/ZMabc",
        "https://vmXtiktok.com/ZMabc",
        "https://vm.tiktok.com.evil.com/ZMabc",
        "https://www.vm.tiktok.com/ZMabc",
        "https://com/ZMabc",
        "https://localhost/@a/video/1",
        "https://127.0.0.1/@a/video/1",
        "https://[::1]/@a/video/1",
        "https://[::ffff:127.0.0.1]/@a/video/1",
        "https://2130706433/video/1",
        "https:///@a/video/1",
    });
}

TEST(PostUrlRefusals, HostsThatMustNotBeAskedInEverySpelling)
{
    for (const auto& [kind, authorities] : test::hostile_authorities)
        for (const std::string authority : authorities)
            for (const std::string before : {"https://", "http://", "//", ""})
                for (const std::string path : {"/@a/video/1", "/ZMabc"})
                    EXPECT_FALSE(parse_post_link(before + authority + path)) << before << authority << path;
}

TEST(PostUrlRefusals, OurHostAnywhereButAsTheHost)
{
    expect_no_link({
        "https://evil.com/https://vm.tiktok.com/x",
        "evil.com/https://vm.tiktok.com/x",
        "https://evil.com/?u=https://vm.tiktok.com/x",
        "evil.com/?u=https://vm.tiktok.com/x",
        "evil.com?https://vm.tiktok.com/x",
        "evil.com#https://vm.tiktok.com/x",
        "https://evil.com/#@www.tiktok.com/@a/video/1",
        "https://evil.com/www.tiktok.com/@a/video/1",
        "https://evil.com%2fwww.tiktok.com/@a/video/1",
        "https://evil.com%2f@www.tiktok.com/@a/video/1",
        "https://evil.com\\@www.tiktok.com/@a/video/1",
        "https://www.tiktok.com\\.evil.com/@a/video/1",
        "https://www.tiktok.com\\@evil.com/@a/video/1",
    });
}

TEST(PostUrlRefusals, HostsInDisguise)
{
    expect_no_link({
        "https://www%2etiktok%2ecom/@a/video/1",
        "https://www.tiktok.co%6d/@a/video/1",
        "https://www.tiktok.com%00/@a/video/1",
        "https://www.tiktok.com%2eevil.com/@a/video/1",
        "https://www.t\304\261ktok.com/@a/video/1",                           // dotless i
        "https://\357\275\227\357\275\227\357\275\227.tiktok.com/@a/video/1", // full-width www
        "https://www\343\200\202tiktok\343\200\202com/@a/video/1",            // ideographic full stops
        "https://www.tiktok\342\200\213.com/@a/video/1",                      // zero-width space
        "https://xn--tktok-sva.com/@a/video/1",
    });
}

TEST(PostUrlRefusals, UserInfo)
{
    expect_no_link({
        "https://user@www.tiktok.com/@a/video/1",
        "https://user:secret@www.tiktok.com/@a/video/1",
        "https://@www.tiktok.com/@a/video/1",
        "https://:@vm.tiktok.com/ZMabc",
        "https://www.tiktok.com@evil.com/@a/video/1",
        "https://www.tiktok.com:443@evil.com/@a/video/1",
        "https://www.tiktok.com%40evil.com/@a/video/1",
        "user@www.tiktok.com/@a/video/1",
        "a@vm.tiktok.com/ZMabc",
    });
}

TEST(PostUrlRefusals, OtherPorts)
{
    for (const std::string port : {"0", "1", "22", "79", "81", "442", "444", "8080", "8443", "4347", "65535", "65616",
                                   "4294967739", "18446744073709552059", "-443", "+443", "x", "443x", "%34%34%33"}) {
        expect_no_link({"https://www.tiktok.com:" + port + "/@a/video/1"});
        expect_no_link({"vm.tiktok.com:" + port + "/ZMabc"});
    }
    expect_no_link({"https://vm.tiktok.com:ZMabc", "vm.tiktok.com:443ZMabc", "https://www.tiktok.com:video/1",
                    "https://www.tiktok.com:80video/1"});
}

TEST(PostUrlRefusals, OtherSchemes)
{
    for (const std::string scheme : {"ftp", "file", "gopher", "ws", "wss", "javascript", "data", "shttp", "httpss"})
        expect_no_link({scheme + "://www.tiktok.com/@a/video/1"});
    expect_no_link({"//www.tiktok.com/@a/video/1", "://www.tiktok.com/@a/video/1", "https:www.tiktok.com/@a/video/1",
                    "https:/www.tiktok.com/@a/video/1", "file:///etc/passwd", "javascript:alert(1)",
                    "mailto:a@www.tiktok.com"});
}

TEST(PostUrlRefusals, PagesThatAreNotPosts)
{
    expect_no_link({
        "https://www.tiktok.com",
        "https://www.tiktok.com/",
        "www.tiktok.com",
        "https://vm.tiktok.com/",
        "https://vt.tiktok.com",
        "https://vm.tiktok.com/?a=b",
        "https://vm.tiktok.com/ZMabc/more",
        "https://www.tiktok.com/t/",
        "https://www.tiktok.com/@some.user",
        "https://www.tiktok.com/@some.user/",
        "https://www.tiktok.com/@some.user/live",
        "https://www.tiktok.com/@some.user/live/1",
        "https://www.tiktok.com/live/1",
        "https://www.tiktok.com/foryou",
        "https://www.tiktok.com/explore",
        "https://www.tiktok.com/tag/1",
        "https://www.tiktok.com/music/x-1",
        "https://www.tiktok.com/@a/playlist/1",
        "https://www.tiktok.com/@a/video/",
        "https://www.tiktok.com/@a/video",
        "https://www.tiktok.com/@a/video/1/comments",
        "https://www.tiktok.com/a/video/1",
        "https://www.tiktok.com/x/@a/video/1",
        "https://www.tiktok.com/?x=/@a/video/1",
        "https://www.tiktok.com/#/@a/video/1",
        "https://www.tiktok.com/embed/v3/1",
        "https://www.tiktok.com/embed/v2/",
        "https://www.tiktok.com/share/user/1",
        "https://www.tiktok.com/share/video",
        "https://www.tiktok.com/@a/../../video/1",
        "https://www.tiktok.com/@a%2Fvideo%2F1",
        "https://www.tiktok.com/@../video/x",
        "https://vm.tiktok.com/..",
        "https://vm.tiktok.com/a.b",
        "https://www.tiktok.com/t/%2e%2e",
    });
}

TEST(PostUrlRefusals, IdsAndCodesOfAnotherForm)
{
    const std::string too_long(21, '1');
    for (const auto& wrong : {too_long, "1"s + std::string(60'000, '0'), "abc"s, "1a"s, "a1"s, "-1"s, "+1"s, "1.0"s,
                              "0x10"s, "1e3"s, "1%00"s, "1%0a"s, "%20"s, "1;2"s, "1%2F2"s, "%D9%A1"s}) {
        for (const std::string form : {"/@a/video/", "/@a/photo/", "/video/", "/embed/", "/embed/v2/", "/share/video/"})
            expect_no_link({"https://www.tiktok.com" + form + wrong});
        expect_no_link({"https://m.tiktok.com/v/" + wrong + ".html"});
    }
    for (const auto& wrong : {std::string(65, 'a'), "a%20b"s, "a%0d%0ab"s, "a+b"s, "%D1%8F"s, "a@b"s}) {
        expect_no_link({"https://vm.tiktok.com/" + wrong});
        expect_no_link({"https://www.tiktok.com/t/" + wrong});
    }
    expect_no_link({"https://www.tiktok.com/@a%20b/video/1", "https://www.tiktok.com/@a%2e%2e%2f/video/1",
                    "https://www.tiktok.com/@" + std::string(65, 'a') + "/video/1"});
}

TEST(PostUrlRefusals, ControlCharactersInsideALink)
{
    std::string separators = "\x7f";
    for (char c = 0; c <= ' '; ++c)
        separators += c;
    for (const char c : separators)
        for (const std::string link : {"https://www.tik*tok.com/@a/video/1", "https://www.tiktok.com*/@a/video/1",
                                       "https://www.tiktok.com/*@a/video/1", "https://www.tiktok.com/@a*/video/1",
                                       "https://www.tiktok.com/@a/video/*1", "https://vm.tiktok.com/*ZMabc"}) {
            std::string broken = link;
            broken[link.find('*')] = c;
            expect_no_link({broken});
        }
    // Behind a whole link they end it, as white space does, and never become part of what is asked for.
    for (const auto ended : {"https://vm.tiktok.com/ZMabc\r\nX-Injected: 1"sv, "https://vm.tiktok.com/ZMabc\0/x"sv,
                             "https://vm.tiktok.com/ZMabc\177x"sv}) {
        EXPECT_FALSE(parse_post_link(ended));
        const auto link = find_post_link(ended);
        ASSERT_TRUE(link);
        EXPECT_EQ(std::get<short_link>(*link).url(), "https://vm.tiktok.com/ZMabc");
    }
}

TEST(PostUrlRefusals, TextsWithoutALink)
{
    expect_no_link({"", " ", "x", "Look at this!", "7312345678901234567", "@a/video/1", "/@a/video/1", "ZMabc", "//",
                    ":", "?", "#", "%", "%00", "\0"sv, "https://", "http://http://", "tiktok"});
    for (const std::string much : {"a", "https://", "www.tiktok.com", "/", "@", "%", " x", "\U0001f600"}) {
        std::string text;
        while (text.size() < 65'000)
            text += much;
        EXPECT_FALSE(find_post_link(text)) << much;
    }
}

/// The host that any client would take `url` to name: what stands between the scheme and the path, without a port.
std::string host_of(std::string_view url)
{
    const auto scheme = url.find("://");
    const std::size_t begin = scheme == std::string_view::npos || scheme > 5 ? 0 : scheme + 3;
    const auto authority = url.substr(begin, url.find_first_of("/\\?#", begin) - begin);
    std::string host(authority.substr(0, authority.find(':')));
    std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) { return std::tolower(c); });
    return host;
}

TEST(PostUrlRefusals, NoGeneratedLinkIsAcceptedForAnotherHost)
{
    static constexpr std::array hosts{"www.tiktok.com"sv, "m.tiktok.com"sv, "tiktok.com"sv,    "www.tiktokv.com"sv,
                                      "m.tiktokv.com"sv,  "tiktokv.com"sv,  "vm.tiktok.com"sv, "vt.tiktok.com"sv};
    static const std::regex asked("https://(www\\.tiktok\\.com/@[\\w.-]{1,64}/video/\\d{1,20}|"
                                  "(v[mt]\\.tiktok\\.com|www\\.tiktok\\.com/t)/[\\w-]{1,64})");
    static const std::vector<std::string> originals{
        "https://www.tiktok.com/@some.user/video/7312345678901234567?a=b#c",
        "http://m.tiktok.com/v/7312345678901234567.html",
        "tiktokv.com/share/video/7312345678901234567/",
        "Look: https://vm.tiktok.com/ZMabc/ #fun",
        "https://www.tiktok.com/t/ZTabc",
        "https://www.tiktok.com:443/embed/v2/7312345678901234567",
        "https://evil.com/?u=https://vm.tiktok.com/ZMabc",
        "https://user:x@vt.tiktok.com/ZSabc",
        "https://www.tiktok.com.evil.com/@a/video/1",
        "evil.com\\@tiktok.com/video/1",
    };
    test::mutator chance(2026,
                         "https:// http:// evil.com www.tiktok.com vm.tiktok.com @ : / // \\ ? # %2e %40 %2f .. . "
                         ":80 :8080 [ ] ， 1 video t");
    int accepted = 0;
    for (int count = 0; count < 50'000; ++count) {
        const std::string text = chance(originals[chance.below(originals.size())]);
        if (const auto link = parse_post_link(text)) {
            ++accepted;
            EXPECT_TRUE(std::find(hosts.begin(), hosts.end(), host_of(text)) != hosts.end()) << text;
        }
        if (const auto link = find_post_link(text)) {
            const auto* const post = std::get_if<post_ref>(&*link);
            const std::string address = post ? post->page_url() : std::get<short_link>(*link).url();
            EXPECT_TRUE(std::regex_match(address, asked)) << text << " asks for " << address;
        }
    }
    EXPECT_GT(accepted, 1'500) << "the accidents are too destructive to show anything";
}

} // namespace
} // namespace ttsave::extraction
