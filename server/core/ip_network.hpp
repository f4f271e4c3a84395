#pragma once

// Ranges of IP addresses, as operators write them. Plain values.

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave {

/// "10.0.0.0/8", "2001:db8::/32", or an address, which is a network of one.
class ip_network {
public:
    /// Nothing for any other text, and for a network whose address goes on behind its prefix ("10.0.0.1/8"): one of
    /// its two halves must be a mistake. IPv4 is written as IPv4.
    static std::optional<ip_network> parse(std::string_view text);

    /// Whether `address` (unmapped first) lies in it.
    bool contains(const boost::asio::ip::address& address) const;

    std::string to_string() const;

private:
    ip_network(const boost::asio::ip::address& base, unsigned prefix) : base_(base), prefix_(prefix) {}

    boost::asio::ip::address base_;
    unsigned prefix_; // bits
};

using ip_networks = std::vector<ip_network>;

/// Whether `address` lies in any of them.
bool contains(const ip_networks& networks, const boost::asio::ip::address& address);

/// The IPv4 address that an IPv4-mapped IPv6 address stands for (RFC 4291 section 2.5.5.2); any other as it is.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

/// An address without brackets, zone or port; nothing for any other text.
std::optional<boost::asio::ip::address> parse_address(std::string_view text);

/// `address` with all bits behind the first `prefix` cleared.
boost::asio::ip::address truncated(const boost::asio::ip::address& address, unsigned prefix);

} // namespace ttsave
