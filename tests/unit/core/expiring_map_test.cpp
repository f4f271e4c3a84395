// Issue 4, "Failures are remembered briefly", and never more of them than there is room for.

#include "core/expiring_map.hpp"

#include <gmock/gmock.h>

#include <string>

namespace ttsave {
namespace {

using namespace std::chrono_literals;
using texts = expiring_map<std::string, int>;

const auto start = texts::clock::now();

TEST(ExpiringMap, ForgetsWithTime)
{
    texts known(10s, 100);
    known.put("a", 1, start);
    EXPECT_EQ(known.find("a", start), 1);
    EXPECT_EQ(known.find("a", start + 9s), 1);
    EXPECT_EQ(known.find("a", start + 10s), std::nullopt);
    EXPECT_EQ(known.find("b", start), std::nullopt);
}

TEST(ExpiringMap, CountsFromTheLastTimeAValueWasPut)
{
    texts known(10s, 100);
    known.put("a", 1, start);
    known.put("a", 2, start + 5s);
    known.put("b", 3, start + 12s); // what is old leaves, but not what is not
    EXPECT_EQ(known.find("a", start + 12s), 2);
    EXPECT_EQ(known.find("a", start + 15s), std::nullopt);
}

TEST(ExpiringMap, FreesTheRoomOfWhatIsForgotten)
{
    texts known(10s, 100);
    for (int number = 0; number < 50; ++number)
        known.put(std::to_string(number), number, start);
    known.put("last", 1, start + 10s);
    EXPECT_EQ(known.size(), 1u);
}

TEST(ExpiringMap, ForgetsTheOldestWhenThereIsNoRoom)
{
    texts known(10s, 3);
    for (const auto* key : {"a", "b", "c", "d"})
        known.put(key, 1, start);
    EXPECT_EQ(known.size(), 3u);
    EXPECT_EQ(known.find("a", start), std::nullopt);
    EXPECT_EQ(known.find("d", start), 1);
}

TEST(ExpiringMap, IsBoundedWhenOneValueIsPutAgainAndAgain)
{
    texts known(10s, 3);
    known.put("rare", 1, start);
    for (int count = 0; count < 100; ++count)
        known.put("often", count, start + 1s);
    EXPECT_EQ(known.find("often", start + 1s), 99);
    EXPECT_LE(known.size(), 3u);
}

TEST(ExpiringMap, RemembersNothingForNoTime)
{
    texts known(0s, 3);
    known.put("a", 1, start);
    EXPECT_EQ(known.find("a", start), std::nullopt);
    EXPECT_EQ(known.size(), 0u);
}

} // namespace
} // namespace ttsave
