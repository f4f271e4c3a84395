#include "http/acceptor.hpp"

#include <boost/system/system_error.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

namespace ttsave::http {

using boost::asio::ip::tcp;

namespace {

int option_of(int descriptor, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    if (::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) != 0)
        throw boost::system::system_error(errno, boost::system::generic_category(), "the socket handed over");
    return value;
}

tcp protocol_of(int listening)
{
    const int family = option_of(listening, SO_DOMAIN);
    const bool is_ip = family == AF_INET || family == AF_INET6;
    if (!is_ip || option_of(listening, SO_TYPE) != SOCK_STREAM || option_of(listening, SO_ACCEPTCONN) == 0)
        throw boost::system::system_error(EPROTOTYPE, boost::system::generic_category(),
                                          "the socket handed over does not listen for TCP");
    return family == AF_INET ? tcp::v4() : tcp::v6();
}

void keep_from_children(int descriptor)
{
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

} // namespace

tcp::acceptor bind_acceptor(const boost::asio::any_io_executor& executor, const tcp::endpoint& endpoint)
{
    tcp::acceptor acceptor(executor);
    acceptor.open(endpoint.protocol());
    keep_from_children(acceptor.native_handle());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
    return acceptor;
}

tcp::acceptor adopt_acceptor(const boost::asio::any_io_executor& executor, unique_fd listening)
{
    const tcp protocol = protocol_of(listening.get());
    keep_from_children(listening.get());
    tcp::acceptor acceptor(executor);
    acceptor.assign(protocol, listening.get());
    listening.release();
    return acceptor;
}

} // namespace ttsave::http
