#include "core/async_condition.hpp"

#include "running.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <future>

namespace ttsave {
namespace {

namespace asio = boost::asio;
using clock = async_condition::clock;

struct counter {
    std::mutex mutex;
    async_condition changed;
    int value = 0;

    void set(int to)
    {
        const std::lock_guard lock(mutex);
        value = to;
        changed.notify_all();
    }

    asio::awaitable<int> at_least(int wanted)
    {
        std::unique_lock lock(mutex);
        while (value < wanted)
            co_await changed.wait(lock);
        co_return value;
    }
};

TEST(AsyncCondition, WakesWaitersOnOtherThreads)
{
    counter shared;
    test::running_context first;
    test::running_context second;
    auto one = asio::co_spawn(first.get(), shared.at_least(1), asio::use_future);
    auto other = asio::co_spawn(second.get(), shared.at_least(1), asio::use_future);
    shared.set(1);
    EXPECT_EQ(one.get(), 1);
    EXPECT_EQ(other.get(), 1);
}

/// Two threads hand a number back and forth: one lost wake-up and the test hangs.
TEST(AsyncCondition, LosesNoWakeUp)
{
    constexpr int rounds = 5000;
    counter ping;
    counter pong;
    test::running_context first;
    test::running_context second;
    auto play = [](counter& mine, counter& theirs) -> asio::awaitable<void> {
        for (int round = 1; round <= rounds; ++round) {
            theirs.set(round);
            co_await mine.at_least(round);
        }
    };
    auto one = asio::co_spawn(first.get(), play(ping, pong), asio::use_future);
    auto other = asio::co_spawn(second.get(), play(pong, ping), asio::use_future);
    ASSERT_EQ(one.wait_for(test::patience), std::future_status::ready);
    ASSERT_EQ(other.wait_for(test::patience), std::future_status::ready);
}

TEST(AsyncCondition, ReturnsFalseAtTheDeadline)
{
    asio::io_context context(1);
    counter shared;
    auto wait = [&shared]() -> asio::awaitable<bool> {
        std::unique_lock lock(shared.mutex);
        const bool notified = co_await shared.changed.wait(lock, clock::now() + std::chrono::milliseconds(1));
        EXPECT_TRUE(lock.owns_lock());
        co_return notified;
    };
    EXPECT_FALSE(test::run(context, wait()));
}

TEST(AsyncCondition, CancellationThrowsWithTheLockHeld)
{
    asio::io_context context(1);
    counter shared;
    bool had_lock = false;
    auto wait = [&]() -> asio::awaitable<void> {
        std::unique_lock lock(shared.mutex);
        try {
            co_await shared.changed.wait(lock);
        } catch (const boost::system::system_error&) {
            had_lock = lock.owns_lock();
            throw;
        }
    };
    asio::cancellation_signal signal;
    std::exception_ptr failure;
    asio::co_spawn(context, wait(),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown) { failure = thrown; }));
    asio::post(context, [&] { signal.emit(asio::cancellation_type::terminal); });
    context.run_for(test::patience);
    ASSERT_TRUE(failure);
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        EXPECT_EQ(error.code(), asio::error::operation_aborted);
    }
    EXPECT_TRUE(had_lock);
}

} // namespace
} // namespace ttsave
