// Issue 4, "Limits that hold": what many use together never exceeds the limit, and all of it comes back.

#include "core/budget.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <thread>
#include <vector>

namespace ttsave {
namespace {

TEST(Budget, IsSharedUpToItsLimit)
{
    budget all(10);
    budget::share one(all);
    budget::share other(all);
    EXPECT_TRUE(one.resize(6));
    EXPECT_FALSE(other.resize(5));
    EXPECT_EQ(other.bytes(), 0u) << "a refused growth changes nothing";
    EXPECT_TRUE(other.resize(4));
    EXPECT_FALSE(one.resize(7));
    EXPECT_EQ(one.bytes(), 6u);
    EXPECT_EQ(all.used(), 10u);
    EXPECT_TRUE(one.resize(1));
    EXPECT_TRUE(other.resize(9));
    EXPECT_EQ(all.used(), 10u);
}

TEST(Budget, ComesBackWithTheShare)
{
    budget all(10);
    {
        budget::share first(all);
        ASSERT_TRUE(first.resize(7));
        budget::share moved(std::move(first));
        EXPECT_EQ(all.used(), 7u);
        budget::share target(all);
        ASSERT_TRUE(target.resize(3));
        target = std::move(moved);
        EXPECT_EQ(target.bytes(), 7u);
    }
    EXPECT_EQ(all.used(), 0u);
}

TEST(Budget, CanBecomeLessThanIsUsed)
{
    budget all(10);
    budget::share one(all);
    ASSERT_TRUE(one.resize(8));
    all.set_limit(5);
    EXPECT_EQ(all.used(), 8u);
    EXPECT_FALSE(one.resize(9));
    EXPECT_TRUE(one.resize(4));
    EXPECT_FALSE(one.resize(6));
    EXPECT_TRUE(one.resize(5));
    all.set_limit(20);
    EXPECT_TRUE(one.resize(20));
}

TEST(Budget, DoesNotOverflow)
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    budget all(most);
    budget::share one(all);
    budget::share other(all);
    EXPECT_TRUE(one.resize(most - 1));
    EXPECT_FALSE(other.resize(2));
    EXPECT_TRUE(other.resize(1));
    EXPECT_FALSE(other.resize(most));
}

TEST(Budget, WithoutOneNothingIsAllowed)
{
    budget::share none;
    EXPECT_TRUE(none.resize(0));
    EXPECT_FALSE(none.resize(1));
}

TEST(Budget, HoldsAmongThreads)
{
    budget all(1000);
    std::atomic<bool> was_exceeded = false;
    std::vector<std::thread> users;
    for (int number = 0; number < 4; ++number)
        users.emplace_back([&] {
            for (std::uint64_t round = 0; round < 20'000; ++round) {
                budget::share own(all);
                own.resize(round % 700);
                if (all.used() > 1000)
                    was_exceeded = true;
            }
        });
    for (auto& user : users)
        user.join();
    EXPECT_FALSE(was_exceeded);
    EXPECT_EQ(all.used(), 0u);
}

} // namespace
} // namespace ttsave
