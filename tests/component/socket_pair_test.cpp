#include "core/socket_pair.hpp"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ttsave {
namespace {

TEST(SocketPair, IsConnectedAndClosedOnExec)
{
    const auto pair = make_socket_pair().value();
    EXPECT_EQ(::fcntl(pair.ours.get(), F_GETFD), FD_CLOEXEC);
    EXPECT_EQ(::fcntl(pair.theirs.get(), F_GETFD), FD_CLOEXEC);
    ASSERT_EQ(::write(pair.theirs.get(), "x", 1), 1);
    char byte = 0;
    EXPECT_EQ(::read(pair.ours.get(), &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
}

TEST(SocketPair, SendsACopyOfADescriptorOrNone)
{
    const auto pair = make_socket_pair().value();
    auto given = make_socket_pair().value();
    ASSERT_FALSE(send_descriptor(pair.ours.get(), given.theirs.get()));
    ASSERT_FALSE(send_descriptor(pair.ours.get(), -1));
    given.theirs = unique_fd();
    const auto copy = receive_descriptor(pair.theirs.get());
    ASSERT_TRUE(copy);
    EXPECT_EQ(::fcntl(copy->get(), F_GETFD), FD_CLOEXEC);
    ASSERT_EQ(::write(copy->get(), "x", 1), 1);
    char byte = 0;
    EXPECT_EQ(::read(given.ours.get(), &byte, 1), 1);
    const auto none = receive_descriptor(pair.theirs.get());
    ASSERT_TRUE(none);
    EXPECT_EQ(none->get(), -1);
}

TEST(SocketPair, WaitsForNoDescriptorOfOneWhoIsGone)
{
    auto pair = make_socket_pair().value();
    pair.theirs = unique_fd();
    EXPECT_EQ(receive_descriptor(pair.ours.get()).error(), boost::asio::error::eof);
}

TEST(SocketPair, SendingNeitherWaitsNorRaisesASignal)
{
    auto pair = make_socket_pair().value();
    error_code ec;
    while (!ec)
        ec = send_descriptor(pair.ours.get(), -1);
    EXPECT_EQ(ec, boost::asio::error::would_block);
    pair.theirs = unique_fd();
    EXPECT_EQ(send_descriptor(pair.ours.get(), -1), boost::asio::error::broken_pipe);
}

} // namespace
} // namespace ttsave
