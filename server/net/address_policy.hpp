#pragma once

// Which network addresses this server may be made to talk to by what a page or a redirect says. Pure functions.

#include <boost/asio/ip/address.hpp>

namespace ttsave::net {

/// Whether `address` is a globally reachable unicast address: not loopback, private, link-local, shared, multicast,
/// documentation or otherwise special (IANA special-purpose registries, RFC 6890), and none at which a cloud answers
/// its machines' questions about themselves. Of an IPv6 address that wraps an IPv4 one (IPv4-mapped; the well-known
/// prefix of NAT64, RFC 6052) it is that which counts; the other ways to wrap one are refused.
bool is_public(const boost::asio::ip::address& address);

} // namespace ttsave::net
