// Sockets that somebody else has opened.

#include "http/acceptor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>

namespace ttsave::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

tcp::endpoint loopback()
{
    return {asio::ip::address_v4::loopback(), 0};
}

unique_fd opened(int family, int type)
{
    return unique_fd(::socket(family, type, 0));
}

TEST(Acceptor, TakesOverASocketWithThoseWhoWaitAtIt)
{
    asio::io_context context;
    auto theirs = bind_acceptor(context.get_executor(), loopback());
    tcp::socket client(context);
    client.connect(theirs.local_endpoint());
    // As it comes over exec: nothing in this process knows of it, and it is inherited.
    unique_fd handed(::fcntl(theirs.native_handle(), F_DUPFD, 0));
    const auto endpoint = theirs.local_endpoint();
    theirs.close();
    const int number = handed.get();
    auto ours = adopt_acceptor(context.get_executor(), std::move(handed));
    EXPECT_EQ(ours.local_endpoint(), endpoint);
    EXPECT_EQ(ours.accept().remote_endpoint(), client.local_endpoint());
    EXPECT_NE(::fcntl(number, F_GETFD) & FD_CLOEXEC, 0) << "children would keep the address in use";
}

TEST(Acceptor, RefusesWhatDoesNotListenForTcp)
{
    asio::io_context context;
    const auto adopt = [&context](unique_fd handed) { adopt_acceptor(context.get_executor(), std::move(handed)); };
    EXPECT_THROW(adopt(opened(AF_INET, SOCK_STREAM)), boost::system::system_error) << "it is not listened at";
    EXPECT_THROW(adopt(opened(AF_INET, SOCK_DGRAM)), boost::system::system_error);
    EXPECT_THROW(adopt(opened(AF_UNIX, SOCK_STREAM)), boost::system::system_error);
    EXPECT_THROW(adopt(unique_fd(::open("/dev/null", O_RDWR | O_CLOEXEC))), boost::system::system_error);
    EXPECT_THROW(adopt(unique_fd()), boost::system::system_error);
}

TEST(Acceptor, DoesNotShareAnAddress)
{
    asio::io_context context;
    const auto first = bind_acceptor(context.get_executor(), loopback());
    EXPECT_THROW(bind_acceptor(context.get_executor(), first.local_endpoint()), boost::system::system_error);
}

} // namespace
} // namespace ttsave::http
