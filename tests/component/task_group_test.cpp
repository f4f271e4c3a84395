#include "core/task_group.hpp"

#include "running.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <stdexcept>

namespace ttsave {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> sleep_until_cancelled(std::atomic<int>& ended)
{
    struct at_end {
        std::atomic<int>& counter;
        ~at_end() { ++counter; }
    } const count{ended};
    asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
}

TEST(TaskGroup, CancelsTasksOnAllThreadsAndWaitsForThem)
{
    asio::io_context own(1);
    test::running_context other;
    task_group group;
    std::atomic<int> ended = 0;
    for (int count = 0; count < 10; ++count) {
        group.spawn(own.get_executor(), sleep_until_cancelled(ended), "here");
        group.spawn(other.get().get_executor(), sleep_until_cancelled(ended), "there");
    }
    EXPECT_EQ(group.size(), 20u);
    group.cancel();
    EXPECT_TRUE(test::run(own, group.join()));
    EXPECT_EQ(ended, 20);
}

TEST(TaskGroup, CancelsOneTaskAlone)
{
    asio::io_context own(1);
    task_group group;
    std::atomic<int> ended = 0;
    const auto first = group.spawn(own.get_executor(), sleep_until_cancelled(ended), "first");
    group.spawn(own.get_executor(), sleep_until_cancelled(ended), "second");
    task_group::task::cancel(first);
    EXPECT_FALSE(test::run(own, group.join(async_condition::clock::now() + std::chrono::milliseconds(20))));
    EXPECT_EQ(group.size(), 1u);
    EXPECT_EQ(ended, 1);
    group.cancel();
    EXPECT_TRUE(test::run(own, group.join()));
}

TEST(TaskGroup, StartsNothingAfterCancellation)
{
    asio::io_context own(1);
    task_group group;
    group.cancel();
    std::atomic<int> ended = 0;
    EXPECT_EQ(group.spawn(own.get_executor(), sleep_until_cancelled(ended), "late"), nullptr);
    EXPECT_TRUE(test::run(own, group.join()));
    EXPECT_EQ(ended, 0);
}

TEST(TaskGroup, SurvivesATaskThatThrows)
{
    asio::io_context own(1);
    task_group group;
    auto fail = []() -> asio::awaitable<void> {
        throw std::runtime_error("on purpose");
        co_return;
    };
    group.spawn(own.get_executor(), fail(), "failing");
    EXPECT_TRUE(test::run(own, group.join()));
}

} // namespace
} // namespace ttsave
