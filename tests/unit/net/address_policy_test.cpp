// net/address_policy.hpp: private, loopback, link-local and clouds' own addresses are never talked to.
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
             range{"168.63.129.16", "168.63.129.16"}, // the host's agent, in Azure
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
}

TEST(AddressPolicy, RefusesWhereCloudsAnswerTheirMachines)
{
    for (const auto* address :
         {"169.254.169.254", "169.254.170.2", "169.254.169.123", "168.63.129.16", "192.0.0.192", "100.100.100.200",
          "169.254.0.23", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fe80::a9fe:a9fe", "::ffff:168.63.129.16",
          "::ffff:169.254.169.254", "64:ff9b::a83f:8110", "64:ff9b::169.254.169.254"})
        EXPECT_FALSE(is_public(ip::make_address(address))) << address;
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
             group{"NAT64 beyond its well-known prefix",
                   {"64:ff9b:0:0:0:1:808:808", "64:ff9b:1::808:808", "64:ff9b:1::7f00:1",
                    "64:ff9b:1:ffff:ffff:ffff:808:808"}},
             group{"6to4", {"2002:808:808::1", "2002:7f00:1::1", "2002:a9fe:a9fe::", "2002:c0a8:1::"}},
             group{"Teredo", {"2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:0:7f00:1::"}},
             group{"IPv4 translated (SIIT)", {"::ffff:0:127.0.0.1"}},
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
    for (const auto* address : {"::ffff:8.8.8.8", "64:ff9b::8.8.8.8"})
        EXPECT_TRUE(is_public(ip::make_address(address))) << address;
    for (const auto* address : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::127.0.0.1",
                                "64:ff9b::10.0.0.1", "64:ff9b::192.168.0.1", "64:ff9b::100.64.0.1"})
        EXPECT_FALSE(is_public(ip::make_address(address))) << address;
}

} // namespace
} // namespace ttsave::net
