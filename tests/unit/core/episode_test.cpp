#include "core/episode.hpp"

#include <gmock/gmock.h>

namespace ttsave {
namespace {

using namespace std::chrono_literals;

TEST(Episode, BeginsWithTheFirstEventAndAfterAPause)
{
    episode events;
    episode::clock::time_point now{1h};
    EXPECT_TRUE(events.begins(now));
    for (int event = 0; event < 100; ++event)
        EXPECT_FALSE(events.begins(now += 59s)) << "as long as no pause is that long";
    EXPECT_TRUE(events.begins(now += 61s));
    EXPECT_FALSE(events.begins(now));
}

} // namespace
} // namespace ttsave
