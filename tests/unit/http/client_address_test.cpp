// Issue 6, "Rate limits": whose X-Forwarded-For is believed, and how far.

#include "http/client_address.hpp"

#include <gmock/gmock.h>

#include <initializer_list>
#include <string>

namespace ttsave::http {
namespace {

const ip_networks proxies{*ip_network::parse("10.0.0.0/8"), *ip_network::parse("2001:db8:ff::/48")};

std::string client(const std::string& peer, std::initializer_list<std::string> forwarded,
                   const ip_networks& trusted = proxies)
{
    boost::beast::http::fields fields;
    for (const auto& value : forwarded)
        fields.insert("x-forwarded-for", value);
    return client_address(boost::asio::ip::make_address(peer), fields, trusted).to_string();
}

TEST(ClientAddress, IsThePeerWhenNobodyIsTrusted)
{
    EXPECT_EQ(client("10.0.0.1", {"192.0.2.1"}, {}), "10.0.0.1");
    EXPECT_EQ(client("198.51.100.1", {"192.0.2.1"}), "198.51.100.1");
    EXPECT_EQ(client("10.0.0.1", {}), "10.0.0.1");
    EXPECT_EQ(client("::ffff:198.51.100.1", {}, {}), "198.51.100.1");
}

TEST(ClientAddress, IsTheRightmostThatIsNotTrusted)
{
    EXPECT_EQ(client("10.0.0.1", {"192.0.2.1"}), "192.0.2.1");
    EXPECT_EQ(client("10.0.0.1", {"203.0.113.7, 192.0.2.1"}), "192.0.2.1") << "what stands before is anybody's claim";
    EXPECT_EQ(client("10.0.0.1", {"203.0.113.7, 192.0.2.1, 10.0.0.2,2001:db8:ff::1"}), "192.0.2.1");
    EXPECT_EQ(client("10.0.0.1", {"203.0.113.7", "192.0.2.1", "10.0.0.2"}), "192.0.2.1") << "several fields are one";
    EXPECT_EQ(client("::ffff:10.0.0.1", {"::ffff:192.0.2.1"}), "192.0.2.1");
}

TEST(ClientAddress, IsTheLeftmostWhenAllAreTrusted)
{
    EXPECT_EQ(client("10.0.0.1", {"10.0.0.3, 10.0.0.2"}), "10.0.0.3");
}

TEST(ClientAddress, EndsWhereSomethingIsNoAddress)
{
    for (const auto* wrong :
         {"unknown", "", "192.0.2", "192.0.2.1 192.0.2.2", "[2001:db8::1", "fe80::1%eth0", "_hidden"})
        EXPECT_EQ(client("10.0.0.1", {std::string("203.0.113.7, ") + wrong + ", 10.0.0.2"}), "10.0.0.2") << wrong;
    EXPECT_EQ(client("10.0.0.1", {"garbage"}), "10.0.0.1");
}

TEST(ClientAddress, MayComeWithAPort)
{
    EXPECT_EQ(client("10.0.0.1", {"192.0.2.1:5678"}), "192.0.2.1");
    EXPECT_EQ(client("10.0.0.1", {"[2001:db8::1]:5678"}), "2001:db8::1");
    EXPECT_EQ(client("10.0.0.1", {"[2001:db8::1]"}), "2001:db8::1");
    EXPECT_EQ(client("10.0.0.1", {" 2001:db8::1\t"}), "2001:db8::1");
}

} // namespace
} // namespace ttsave::http
