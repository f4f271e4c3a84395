// Issue 4, "Disk cache": least recently used leaves first; what is being sent stays until sent.

#include "store/entry_index.hpp"

#include <gmock/gmock.h>

namespace ttsave::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

entry_index::entry make(const std::string& key, std::uint64_t bytes, std::int64_t stored_at = 0)
{
    auto made = std::make_shared<stored_entry>();
    made->about.key = key;
    made->about.stored_at = stored_at;
    made->about.files = {{"1.mp4", "mp4", bytes, ""}};
    return made;
}

std::vector<std::string> keys_of(const std::vector<entry_index::entry>& entries)
{
    std::vector<std::string> keys;
    for (const auto& entry : entries)
        keys.push_back(entry->about.key);
    return keys;
}

TEST(EntryIndex, FindsWhatWasAdded)
{
    entry_index index(100);
    EXPECT_EQ(index.find("a"), nullptr);
    index.add(make("a", 10));
    ASSERT_NE(index.find("a"), nullptr);
    EXPECT_EQ(index.find("a")->about.key, "a");
    EXPECT_EQ(index.bytes(), 10u);
}

TEST(EntryIndex, EvictsWhatWasUsedLeastRecently)
{
    entry_index index(30);
    for (const auto* key : {"a", "b", "c"})
        index.add(make(key, 10));
    index.find("a");
    auto room = index.make_room(5);
    EXPECT_TRUE(room.fits);
    EXPECT_THAT(keys_of(room.evicted), ElementsAre("b"));
    room = index.make_room(25);
    EXPECT_THAT(keys_of(room.evicted), ElementsAre("c", "a"));
    EXPECT_EQ(index.bytes(), 0u);
    EXPECT_EQ(index.size(), 0u);
}

TEST(EntryIndex, EvictsNothingForWhatFits)
{
    entry_index index(30);
    index.add(make("a", 10));
    const auto room = index.make_room(20);
    EXPECT_TRUE(room.fits);
    EXPECT_THAT(room.evicted, IsEmpty());
}

TEST(EntryIndex, KeepsEverythingWhenTheNewOneCannotFit)
{
    entry_index index(30);
    index.add(make("a", 10));
    EXPECT_FALSE(index.make_room(31).fits);
    EXPECT_NE(index.find("a"), nullptr);
}

TEST(EntryIndex, LeavesWhatIsInUse)
{
    entry_index index(30);
    for (const auto* key : {"a", "b", "c"})
        index.add(make(key, 10));
    const auto used = index.find("a");
    index.find("b");
    index.find("c");
    auto room = index.make_room(10);
    EXPECT_TRUE(room.fits);
    EXPECT_THAT(keys_of(room.evicted), ElementsAre("b"));
    room = index.make_room(25);
    EXPECT_FALSE(room.fits) << "a is in use";
    EXPECT_THAT(room.evicted, IsEmpty());
    EXPECT_EQ(index.size(), 2u);
}

TEST(EntryIndex, GivesWayAsFarAsItCan)
{
    entry_index index(30);
    for (const auto* key : {"a", "b", "c"})
        index.add(make(key, 10));
    EXPECT_THAT(index.take_oldest(0), IsEmpty());
    EXPECT_THAT(keys_of(index.take_oldest(1)), ElementsAre("a"));
    const auto used = index.find("b");
    EXPECT_THAT(keys_of(index.take_oldest(100)), ElementsAre("c"));
    EXPECT_EQ(index.bytes(), 10u);
}

TEST(EntryIndex, TakesOnlyTheVeryEntry)
{
    entry_index index(30);
    const auto first = make("a", 10);
    index.add(first);
    EXPECT_FALSE(index.take(make("a", 10)));
    EXPECT_FALSE(index.take(make("b", 10)));
    EXPECT_TRUE(index.take(first));
    EXPECT_FALSE(index.take(first));
    EXPECT_EQ(index.bytes(), 0u);
}

TEST(EntryIndex, TakesWhatHasExpired)
{
    entry_index index(100);
    index.add(make("old", 1, 100));
    index.add(make("older", 1, 99));
    index.add(make("young", 1, 101));
    index.add(make("of the future", 1, 201));
    EXPECT_THAT(keys_of(index.take_expired(100, 200)), testing::UnorderedElementsAre("old", "older", "of the future"));
    EXPECT_EQ(index.size(), 1u);
    EXPECT_NE(index.find("young"), nullptr);
}

} // namespace
} // namespace ttsave::store
