// What a service manager says in the environment, as sd_listen_fds(3) and sd_watchdog_enabled(3) word it.

#include "app/supervision.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace ttsave::app {
namespace {

using std::chrono::microseconds;

constexpr pid_t self = 4711;

TEST(Supervision, IsNothingWhereNobodySupervises)
{
    const auto told = read_supervision({"HOME=/", "NOTIFY_SOCKETS=/x", "XNOTIFY_SOCKET=/x", "LISTEN_FDS"}, self);
    EXPECT_EQ(told.notify_socket, "");
    EXPECT_EQ(told.watchdog, microseconds(0));
    EXPECT_EQ(told.descriptors, 0u);
}

TEST(Supervision, IsReadAsTheManagerWritesIt)
{
    const auto told = read_supervision({"NOTIFY_SOCKET=@/org/a=b", "WATCHDOG_PID=4711", "WATCHDOG_USEC=30000000",
                                        "LISTEN_PID=4711", "LISTEN_FDS=2", "LISTEN_FDNAMES=a:b"},
                                       self);
    EXPECT_EQ(told.notify_socket, "@/org/a=b");
    EXPECT_EQ(told.watchdog, std::chrono::seconds(30));
    EXPECT_EQ(told.descriptors, 2u);
}

TEST(Supervision, OfAnotherProcessDoesNotCount)
{
    const auto told =
        read_supervision({"WATCHDOG_PID=1", "WATCHDOG_USEC=30000000", "LISTEN_PID=1", "LISTEN_FDS=1"}, self);
    EXPECT_EQ(told.watchdog, microseconds(0));
    EXPECT_EQ(told.descriptors, 0u);
}

TEST(Supervision, WithoutAProcessIsForWhoeverItReachesOnlyInTheWatchdogsCase)
{
    const auto told = read_supervision({"WATCHDOG_USEC=1", "LISTEN_FDS=1"}, self);
    EXPECT_EQ(told.watchdog, microseconds(1));
    EXPECT_EQ(told.descriptors, 0u);
}

TEST(Supervision, ToleratesPatienceWithoutEnd)
{
    const auto told = read_supervision({"WATCHDOG_USEC=18446744073709551615"}, self);
    EXPECT_EQ(told.watchdog, std::chrono::hours(24));
}

TEST(Supervision, RefusesWhatIsNoNumber)
{
    for (const auto* entry : {"LISTEN_FDS=1x", "LISTEN_FDS=-1", "LISTEN_FDS=65536", "LISTEN_FDS= 1", "WATCHDOG_USEC=1s",
                              "WATCHDOG_USEC=-1", "WATCHDOG_PID=me"})
        EXPECT_THROW(read_supervision({"LISTEN_PID=4711", entry}, self), std::runtime_error) << entry;
}

} // namespace
} // namespace ttsave::app
