#pragma once

// Which network addresses this server may be made to talk to by what a page or a redirect says. Pure functions.

#include <boost/asio/ip/address.hpp>

#include <string_view>

namespace ttsave::net {

/// Whether `address` is a globally reachable unicast address: not loopback, private, link-local, shared, multicast,
/// documentation or otherwise special (IANA special-purpose registries, RFC 6890), also when wrapped in an
/// IPv4-mapped, 6to4 or NAT64 IPv6 address.
bool is_public(const boost::asio::ip::address& address);

/// Whether `url` is absolute http or https, without user info, to a host that is neither a special-purpose address
/// literal nor a name that only means something locally ("localhost", a single label). What a name resolves to is
/// checked when the connection is opened (transfer_engine); with a proxy this is the only check there is, since the
/// proxy resolves.
bool is_fetchable(std::string_view url);

} // namespace ttsave::net
