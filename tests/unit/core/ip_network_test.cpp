#include "core/ip_network.hpp"

#include <gmock/gmock.h>

namespace ttsave {
namespace {

using boost::asio::ip::make_address;

bool lies_in(const char* network, const char* address)
{
    const auto parsed = ip_network::parse(network);
    EXPECT_TRUE(parsed) << network;
    return parsed && parsed->contains(make_address(address));
}

TEST(IpNetwork, ContainsWhatHasItsPrefix)
{
    EXPECT_TRUE(lies_in("10.0.0.0/8", "10.255.0.1"));
    EXPECT_FALSE(lies_in("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(lies_in("192.0.2.128/25", "192.0.2.255"));
    EXPECT_FALSE(lies_in("192.0.2.128/25", "192.0.2.127"));
    EXPECT_TRUE(lies_in("192.0.2.1", "192.0.2.1"));
    EXPECT_FALSE(lies_in("192.0.2.1", "192.0.2.2"));
    EXPECT_TRUE(lies_in("0.0.0.0/0", "255.255.255.255"));
    EXPECT_TRUE(lies_in("2001:db8::/33", "2001:db8:7fff::1"));
    EXPECT_FALSE(lies_in("2001:db8::/33", "2001:db8:8000::1"));
    EXPECT_TRUE(lies_in("::/0", "2001:db8::1"));
    EXPECT_TRUE(lies_in("::1", "::1"));
}

TEST(IpNetwork, KnowsAnIpv4AddressInIpv6)
{
    EXPECT_TRUE(lies_in("10.0.0.0/8", "::ffff:10.0.0.1"));
    EXPECT_FALSE(lies_in("10.0.0.0/8", "::10.0.0.1"));
    EXPECT_FALSE(lies_in("::/0", "10.0.0.1"));
}

TEST(IpNetwork, IsWrittenOneWay)
{
    for (const auto* wrong : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8", "10/8",
                              "::/129", "fe80::1%eth0", "fe80::%1/64", "::ffff:10.0.0.0/104", "localhost", " ::1"})
        EXPECT_FALSE(ip_network::parse(wrong)) << wrong;
}

TEST(IpNetwork, TruncatesAtAnyBit)
{
    EXPECT_EQ(truncated(make_address("255.255.255.255"), 11), make_address("255.224.0.0"));
    EXPECT_EQ(truncated(make_address("255.255.255.255"), 0), make_address("0.0.0.0"));
    EXPECT_EQ(truncated(make_address("2001:db8:1:2:3:4:5:6"), 64), make_address("2001:db8:1:2::"));
}

} // namespace
} // namespace ttsave
