// net/address_policy.hpp and issue 2, "Fetching": private, loopback and link-local addresses are never talked to.
// The ranges are those of IANA's special-purpose address registries (RFC 6890 and its successors).

#include "net/address_policy.hpp"

#include "builders.hpp"

#include <gmock/gmock.h>

#include <cstdint>

namespace ttsave::net {
namespace {

namespace ip = boost::asio::ip;
using test::group;

TEST(AddressPolicy, RefusesTheSpecialRangesOfIpv4UpToTheirBorders)
{
    struct range {
        const char* first;
        const char* last;
    };
    for (const auto& [first, last] : {
             range{"0.0.0.0", "0.255.255.255"},       // this network
             range{"10.0.0.0", "10.255.255.255"},     // private
             range{"100.64.0.0", "100.127.255.255"},  // shared by a carrier's customers
             range{"127.0.0.0", "127.255.255.255"},   // loopback
             range{"169.254.0.0", "169.254.255.255"}, // link-local
             range{"172.16.0.0", "172.31.255.255"},   // private
             range{"192.0.0.0", "192.0.0.255"},       // IETF protocols
             range{"192.0.2.0", "192.0.2.255"},       // documentation
             range{"192.88.99.0", "192.88.99.255"},   // former 6to4 relays
             range{"192.168.0.0", "192.168.255.255"}, // private
             range{"198.18.0.0", "198.19.255.255"},   // benchmarks
             range{"198.51.100.0", "198.51.100.255"}, // documentation
             range{"203.0.113.0", "203.0.113.255"},   // documentation
             range{"224.0.0.0", "255.255.255.255"},   // multicast, reserved, broadcast
         }) {
        const std::uint32_t begin = ip::make_address_v4(first).to_uint();
        const std::uint32_t end = ip::make_address_v4(last).to_uint();
        EXPECT_FALSE(is_public(ip::make_address(first))) << first;
        EXPECT_FALSE(is_public(ip::address_v4(begin + (end - begin) / 2))) << first << " to " << last;
        EXPECT_FALSE(is_public(ip::make_address(last))) << last;
        // What lies beside a range is public; the first and the last one have a neighbour on one side only.
        EXPECT_EQ(is_public(ip::address_v4(begin - 1)), begin != 0) << "before " << first;
        EXPECT_EQ(is_public(ip::address_v4(end + 1)), end != UINT32_MAX) << "after " << last;
    }
    EXPECT_FALSE(is_public(ip::make_address("169.254.169.254"))) << "the clouds' metadata service";
}

TEST(AddressPolicy, AcceptsPublicIpv6)
{
    for (const auto* address : {"2000::", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::",
                                "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", "2003::", "2606:4700::1111",
                                "2a00:1450:4001:831::200e", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"})
        EXPECT_TRUE(is_public(ip::make_address(address))) << address;
}

TEST(AddressPolicy, RefusesTheSpecialRangesOfIpv6)
{
    for (const auto& [kind, members] : {
             group{"unspecified and loopback", {"::", "::1"}},
             group{"abandoned ways to write IPv4", {"::8.8.8.8", "::127.0.0.1", "::ffff:0:8.8.8.8"}},
             group{"NAT64 beyond its well-known prefix", {"64:ff9b:0:0:0:1:808:808", "64:ff9b:1::808:808"}},
             group{"discard", {"100::", "100::ffff:ffff:ffff:ffff"}},
             group{"IETF protocols", {"2001::", "2001:0:808:808::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"}},
             group{"documentation", {"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"}},
             group{"documentation (RFC 9637)", {"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"}},
             group{"not global unicast", {"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::", "5f00::1"}},
             group{"unique local", {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}},
             group{"link and site", {"fe80::1", "fe80::1%1", "febf::1", "fec0::1"}},
             group{"multicast", {"ff00::", "ff02::1", "ffff::"}},
         })
        for (const auto* address : members)
            EXPECT_FALSE(is_public(ip::make_address(address))) << address << ": " << kind;
}

TEST(AddressPolicy, JudgesTheIpv4AddressThatAnIpv6OneWraps)
{
    for (const auto* address : {"::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"})
        EXPECT_TRUE(is_public(ip::make_address(address))) << address;
    for (const auto* address : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::127.0.0.1",
                                "64:ff9b::192.168.0.1", "2002:7f00:1::1", "2002:a9fe:a9fe::", "2002:c0a8:1::"})
        EXPECT_FALSE(is_public(ip::make_address(address))) << address;
}

TEST(AddressPolicy, FetchesFromPublicHosts)
{
    for (const auto* url : {"https://v16-webapp-prime.tiktok.com/video/tos/a/?a=1988&bti=x",
                            "http://p16.tiktokcdn.com/x", "HTTPS://WWW.TIKTOK.COM", "https://www.tiktok.com:8443/x",
                            "https://8.8.8.8/x", "https://8.8.8.8:444", "https://[2606:4700::1111]/",
                            "https://[::ffff:8.8.8.8]/", "https://xn--e1afmkfd.xn--p1ai/", "https://a_b.example.com/"})
        EXPECT_TRUE(is_fetchable(url)) << url;
}

TEST(AddressPolicy, FetchesFromNowhereElse)
{
    for (const auto& [kind, members] : {
             group{"not absolute", {"", "www.tiktok.com/x", "//www.tiktok.com/x", "/x"}},
             group{"no host", {"https:", "https://", "https:///x", "https://:443/"}},
             group{"another scheme",
                   {"file:///etc/passwd", "ftp://www.tiktok.com/x", "data:text/html,x", "javascript:x"}},
             group{"user info",
                   {"https://user@www.tiktok.com/", "https://u:p@www.tiktok.com/", "https://@www.tiktok.com/"}},
             group{"a special IPv4 address",
                   {"https://127.0.0.1/", "https://127.0.0.1:4347/", "https://10.1.2.3/",
                    "https://169.254.169.254/latest", "https://0.0.0.0/"}},
             group{"a special IPv6 address",
                   {"https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1]/",
                    "https://[fe80::1%25eth0]/", "https://[fd00::1]/"}},
             group{"an address of the future", {"https://[v1.x]/"}},
             group{"an address as old resolvers read it",
                   {"https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://127.1/",
                    "https://0177.0.0.1/", "https://127.0.0.1./", "https://0x7f.0x0.0x0.0x1/", "https://1.2.3.256/"}},
             group{"a local name",
                   {"https://localhost/", "https://LOCALHOST:80/", "https://a.LocalHost/", "https://localhost./",
                    "https://a.localhost./", "https://printer.local/", "https://metadata.google.internal/"}},
             group{"a single label", {"https://intranet/", "https://a./"}},
             group{"a local name behind a public address",
                   {"https://8.8.8.8.localhost/", "https://8.8.8.8.internal/", "https://[2606:4700::1111].internal/"}},
             group{"a host in disguise",
                   {"https://www.tiktok%2ecom/", "https://%6cocalhost/", "https://a.%6cocalhost/",
                    "https://127%2e0.0.1/", "https://www.tiktok.com\\@127.0.0.1/"}},
             group{"white space",
                   {"https://www.tiktok.com /", " https://www.tiktok.com/", "https://www.tiktok.com\r\nX: y"}},
         })
        for (const auto* url : members)
            EXPECT_FALSE(is_fetchable(url)) << url << ": " << kind;
}

} // namespace
} // namespace ttsave::net
