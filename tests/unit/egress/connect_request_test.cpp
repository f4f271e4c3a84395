// Where a request to the gate may lead; extractor/PROTOCOL.md, "Network".

#include "egress/connect_request.hpp"

#include "builders.hpp"
#include "hostile_authorities.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace ttsave::egress {
namespace {

using namespace std::literals;

std::optional<connect_request> parse_connect(const std::string& target, const std::string& fields = {})
{
    return parse_connect_request("CONNECT " + target + " HTTP/1.1\r\n" + fields + "\r\n");
}

TEST(ConnectRequest, IsReadAsPythonSendsIt)
{
    const auto request =
        parse_connect_request("CONNECT www.tiktok.com:443 HTTP/1.0\r\nHost: www.tiktok.com:443\r\n\r\n");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->host, "www.tiktok.com");
    EXPECT_EQ(request->target, "www.tiktok.com:443");
}

TEST(ConnectRequest, MayGoToTikTokAndTheNamesBelow)
{
    for (const auto* host : {"tiktok.com", "www.tiktok.com", "WWW.TikTok.Com", "m.tiktok.com", "a.b-c.tiktok.com",
                             "tiktokv.com", "www.tiktokv.com", "127.0.0.1.tiktok.com"}) {
        const auto request = parse_connect(host + std::string(":443"));
        ASSERT_TRUE(request && request->host) << host;
        EXPECT_STRCASEEQ(request->host->c_str(), host);
    }
}

TEST(ConnectRequest, MayGoNowhereElse)
{
    for (const auto& [kind, targets] : {
             test::group{"another host",
                         {"evil.example:443", "tiktok.com.evil.example:443", "nottiktok.com:443", "tiktok.co:443",
                          "tiktokcdn.com:443", "com:443", "localhost:443"}},
             test::group{"an address",
                         {"127.0.0.1:443", "[::1]:443", "2130706433:443", "0x7f.1:443", "169.254.169.254:443"}},
             test::group{"another port",
                         {"www.tiktok.com:80", "www.tiktok.com:22", "www.tiktok.com",
                          "www.tiktok.com:", "www.tiktok.com:0443", "www.tiktok.com:4430", "www.tiktok.com:443:443",
                          "www.tiktok.com:443/", "www.tiktok.com:443?", "www.tiktok.com:443#", "www.tiktok.com:+443",
                          "www.tiktok.com:443:80", "www.tiktok.com:80:443"}},
             test::group{"another host as libcurl reads a URL",
                         {"evil.example/.tiktok.com:443", "evil.example#.tiktok.com:443",
                          "evil.example?.tiktok.com:443", "127.0.0.1/.tiktok.com:443", "127.0.0.1:22/.tiktok.com:443",
                          "[::1]/.tiktok.com:443", "[::1].tiktok.com:443", "evil.example\\.tiktok.com:443",
                          "evil.example\\@www.tiktok.com:443", "evil.example:80@www.tiktok.com:443",
                          "x@evil.example/.tiktok.com:443"}},
             test::group{"user info",
                         {"x@www.tiktok.com:443", "x:y@www.tiktok.com:443", "@www.tiktok.com:443",
                          "www.tiktok.com:443@evil.example", "www.tiktok.com@evil.example:443"}},
             test::group{"dots",
                         {"www.tiktok.com.:443", "www..tiktok.com:443", ".tiktok.com:443", "..tiktok.com:443",
                          "tiktok.com..:443"}},
             test::group{"escapes",
                         {"www%2etiktok.com:443", "%77ww.tiktok.com:443", "evil.example%2f.tiktok.com:443",
                          "evil.example%00.tiktok.com:443", "evil.example%23.tiktok.com:443"}},
             test::group{"other letters",
                         {"www\343\200\202tiktok\343\200\202com:443", "\357\275\227ww.tiktok.com:443",
                          "www.t\304\261ktok.com:443", "evil.example\342\201\204.tiktok.com:443"}},
             test::group{"another form of target",
                         {"http://www.tiktok.com:443", "https://www.tiktok.com:443", "https://www.tiktok.com/",
                          "//www.tiktok.com:443", "/www.tiktok.com:443", "*", ":443", "/"}},
         })
        for (const auto* target : targets) {
            const auto request = parse_connect(target);
            EXPECT_FALSE(request && request->host) << target << ": " << kind;
        }
    for (const auto& [kind, authorities] : test::hostile_authorities)
        for (const std::string authority : authorities) {
            const auto request = parse_connect(authority + ":443");
            EXPECT_FALSE(request && request->host) << authority << ": " << kind;
        }
    EXPECT_FALSE(parse_connect(test::times(10, std::string(62, 'a') + '.') + "tiktok.com:443")->host)
        << "too long a name";
}

TEST(ConnectRequest, OnlyAConnectGoesAnywhere)
{
    for (const std::string method : {"GET", "HEAD", "POST", "OPTIONS", "TRACE", "connect", "Connect", "CONNECTX"}) {
        const auto request = parse_connect_request(method + " www.tiktok.com:443 HTTP/1.1\r\n\r\n");
        EXPECT_FALSE(request && request->host) << method;
    }
    const auto absolute = parse_connect_request("GET https://www.tiktok.com:443/ HTTP/1.1\r\n\r\n");
    EXPECT_FALSE(absolute && absolute->host);
}

TEST(ConnectRequest, ShowsThePasswordOfBasicCredentials)
{
    const auto password = [](const std::string& fields) {
        return parse_connect("www.tiktok.com:443", fields)->password;
    };
    EXPECT_EQ(password("Proxy-Authorization: Basic dHRzYXZlOjBm\r\n"), "0f") << "ttsave:0f";
    EXPECT_EQ(password("Host: x\r\nproxy-authorization: basic dHRzYXZlOjBm\r\n"), "0f");
    EXPECT_EQ(parse_connect("evil.example:443", "Proxy-Authorization: Basic dHRzYXZlOjBm\r\n")->password, "0f");
    for (const auto* fields :
         {"", "Proxy-Authorization:\r\n", "Proxy-Authorization: Basic\r\n", "Proxy-Authorization: Basic dHRzYXZl\r\n",
          "Proxy-Authorization: Bearer dHRzYXZlOjBm\r\n", "Authorization: Basic dHRzYXZlOjBm\r\n"})
        EXPECT_EQ(password(fields), "") << fields;
}

TEST(ConnectRequest, NoFieldChangesWhereItGoes)
{
    EXPECT_EQ(parse_connect("www.tiktok.com:443", "Host: evil.example:443\r\n")->host, "www.tiktok.com");
    EXPECT_EQ(parse_connect("www.tiktok.com:443", "X-Forwarded-Host: evil.example\r\n")->host, "www.tiktok.com");
    EXPECT_FALSE(parse_connect("evil.example:443", "Host: www.tiktok.com:443\r\n")->host);
}

TEST(ConnectRequest, WhatIsNotExactlyAHeadIsNone)
{
    const auto line = "CONNECT www.tiktok.com:443 HTTP/1.1\r\n"s;
    const std::vector<std::string> heads{
        // Not whole, or more than that.
        "",
        "\r\n\r\n",
        line,
        line + "Host: x\r\n",
        line + "\r\nx",
        line + "\r\n\r\n",
        line + "X: " + std::string(10'000, 'x') + "\r\n\r\n",
        // Ends of lines.
        line + "\n",
        "CONNECT www.tiktok.com:443 HTTP/1.1\n\n",
        "CONNECT www.tiktok.com:443 HTTP/1.1\r\r\n\r\n",
        line + "X: a\nY: b\r\n\r\n",
        line + "X: a\rb\r\n\r\n",
        // Request lines.
        "CONNECT www.tiktok.com:443\r\n\r\n",
        "CONNECT www.tiktok.com:443 HTTP/2.0\r\n\r\n",
        "CONNECT www.tiktok.com:443 HTTP/1.1 \r\n\r\n",
        "CONNECT  www.tiktok.com:443 HTTP/1.1\r\n\r\n",
        "CONNECT\twww.tiktok.com:443 HTTP/1.1\r\n\r\n",
        "CONNECT www.tiktok.com:443 x HTTP/1.1\r\n\r\n",
        "CONNECT www.tiktok.com\0.x:443 HTTP/1.1\r\n\r\n"s,
        "\026\003\001\002\000\r\n\r\n"s,
        // Fields.
        line + "No colon\r\n\r\n",
        line + "Bad name: x\r\n\r\n",
        line + "Name : x\r\n\r\n",
        line + "X: a\0b\r\n\r\n"s,
        // Bodies.
        line + "Content-Length: 5\r\n\r\n",
        line + "Transfer-Encoding: chunked\r\n\r\n",
        line + "Content-Length: x\r\n\r\n",
        line + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
    };
    for (const auto& head : heads)
        EXPECT_FALSE(parse_connect_request(head)) << head.substr(0, 200);
}

} // namespace
} // namespace ttsave::egress
