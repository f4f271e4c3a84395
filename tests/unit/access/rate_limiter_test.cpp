// Issue 6, "Rate limits": a token bucket for each client.

#include "access/rate_limiter.hpp"

#include <gmock/gmock.h>

namespace ttsave::access {
namespace {

using namespace std::chrono_literals;

class RateLimiter : public testing::Test {
protected:
    /// How many of `requests` at once are within the limit.
    int within(const std::string& client, std::uint32_t per_minute, int requests)
    {
        int count = 0;
        for (int number = 0; number < requests; ++number)
            count += limiter_.count(client, per_minute, now_).is_within ? 1 : 0;
        return count;
    }

    rate_limiter limiter_{3};
    rate_limiter::clock::time_point now_{1000h};
};

TEST_F(RateLimiter, LetsThroughWhatMayComeInAMinute)
{
    for (const std::uint32_t per_minute : {1U, 7U, 60U, 1000U})
        EXPECT_EQ(within("client of " + std::to_string(per_minute), per_minute, 1500), static_cast<int>(per_minute));
}

TEST_F(RateLimiter, FillsEvenly)
{
    EXPECT_EQ(within("a", 6, 10), 6);
    now_ += 9s;
    EXPECT_EQ(within("a", 6, 10), 0);
    now_ += 1s;
    EXPECT_EQ(within("a", 6, 10), 1);
    now_ += 35s;
    EXPECT_EQ(within("a", 6, 10), 3);
    now_ += 1h;
    EXPECT_EQ(within("a", 6, 10), 6) << "and no further than to its brim";
}

TEST_F(RateLimiter, TellsHowTheClientStands)
{
    auto standing = limiter_.count("a", 6, now_);
    EXPECT_TRUE(standing.is_within);
    EXPECT_EQ(standing.limit, 6u);
    EXPECT_EQ(standing.remaining, 5u);
    EXPECT_EQ(standing.until_full, 10s);
    EXPECT_EQ(standing.until_allowed, 0s);

    EXPECT_EQ(within("a", 6, 10), 5);
    now_ += 3500ms;
    standing = limiter_.count("a", 6, now_);
    EXPECT_FALSE(standing.is_within);
    EXPECT_EQ(standing.remaining, 0u);
    EXPECT_EQ(standing.until_full, 57s);
    EXPECT_EQ(standing.until_allowed, 7s);
    now_ += standing.until_allowed;
    EXPECT_TRUE(limiter_.count("a", 6, now_).is_within) << "as promised";
}

TEST_F(RateLimiter, CountsNothingThatItRefuses)
{
    EXPECT_EQ(within("a", 6, 1000), 6);
    now_ += 10s;
    EXPECT_EQ(within("a", 6, 10), 1);
}

TEST_F(RateLimiter, KeepsClientsApart)
{
    EXPECT_EQ(within("a", 6, 10), 6);
    EXPECT_EQ(within("b", 6, 10), 6);
    EXPECT_EQ(within("a", 6, 10), 0);
}

TEST_F(RateLimiter, ForgetsWhoHasNotAskedForLongest)
{
    for (const auto* client : {"a", "b", "c"})
        EXPECT_EQ(within(client, 6, 10), 6);
    EXPECT_EQ(within("a", 6, 1), 0);
    EXPECT_EQ(within("d", 6, 10), 6);
    EXPECT_EQ(within("a", 6, 1), 0);
    EXPECT_EQ(within("b", 6, 10), 6) << "forgotten when d came";
}

} // namespace
} // namespace ttsave::access
