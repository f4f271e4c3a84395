#pragma once

// Where connections come from.

#include "core/unique_fd.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace ttsave::http {

/// An acceptor of our own that listens. Throws system_error (address_in_use...) if it cannot.
boost::asio::ip::tcp::acceptor bind_acceptor(const boost::asio::any_io_executor& executor,
                                             const boost::asio::ip::tcp::endpoint& endpoint);

/// A socket that somebody else has bound and that listens already; whoever connected to it meanwhile is served, too.
/// Throws system_error if it is anything else.
boost::asio::ip::tcp::acceptor adopt_acceptor(const boost::asio::any_io_executor& executor, unique_fd listening);

} // namespace ttsave::http
