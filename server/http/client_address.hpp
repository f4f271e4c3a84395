#pragma once

// Who a request comes from, where proxies stand in between. Pure functions.

#include "core/ip_network.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/fields.hpp>

namespace ttsave::http {

/// The address of the client behind `peer`, which is connected to us.
///
/// Every proxy adds the address it was asked from at the end of X-Forwarded-For, so the rightmost address that is not
/// `trusted` is the first that nobody could have made up: the client. Where everybody is trusted it is the leftmost.
/// What stands left of something that is no address is not looked at.
boost::asio::ip::address client_address(const boost::asio::ip::address& peer, const boost::beast::http::fields& fields,
                                        const ip_networks& trusted);

} // namespace ttsave::http
