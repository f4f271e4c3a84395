// Issue 4, "Disk cache": found again after a restart, bounded in size and time, never shared with another server.

#include "store/store_test.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>

namespace ttsave::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

using MediaStore = store_test;

TEST_F(MediaStore, FindsWhatItKeeps)
{
    const auto store = open();
    EXPECT_EQ(found(*store, "k"), std::nullopt);
    ASSERT_TRUE(keep(*store, "k", two_));
    EXPECT_EQ(found(*store, "k"), two_);
    EXPECT_EQ(store->find("k")->about.about.at("title"), "k");
    EXPECT_EQ(count("incoming"), 0u);
}

TEST_F(MediaStore, KeepsItForItselfAlone)
{
    const auto store = open();
    ASSERT_TRUE(keep(*store, "k", two_));
    const auto all = fs::perms::owner_all;
    EXPECT_EQ(fs::status(home_.path() / "entries").permissions(), all);
    EXPECT_EQ(fs::status(file_of("k").parent_path()).permissions(), all);
    for (const auto* name : {"1.mp4", "manifest"})
        EXPECT_EQ(fs::status(file_of("k", name)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(MediaStore, FindsItAgainAfterARestart)
{
    ASSERT_TRUE(keep(*open(), "k", two_));
    const auto store = open();
    EXPECT_EQ(found(*store, "k"), two_);
}

TEST_F(MediaStore, ReplacesAnEntryOfTheSameKey)
{
    const std::vector<std::string> renewed{"new one"};
    auto store = open();
    ASSERT_TRUE(keep(*store, "k", {"old"}));
    ASSERT_TRUE(keep(*store, "k", renewed));
    EXPECT_EQ(found(*store, "k"), renewed);
    store.reset();
    EXPECT_EQ(found(*open(), "k"), renewed);
}

TEST_F(MediaStore, ForgetsWithTime)
{
    const auto store = open(1000s);
    ASSERT_TRUE(keep(*store, "k", two_));
    store->find("k")->about.stored_at -= 900; // and not 999: seconds go by here
    store->maintain();
    EXPECT_TRUE(found(*store, "k"));
    store->find("k")->about.stored_at -= 100;
    EXPECT_EQ(store->find("k"), nullptr);
    store->maintain();
    EXPECT_EQ(count("entries"), 0u);
}

TEST_F(MediaStore, ForgetsAcrossARestart)
{
    ASSERT_TRUE(keep(*open(), "k", two_));
    auto about = *load_entry(file_of("k").parent_path());
    about.stored_at -= 3600;
    std::ofstream(file_of("k", "manifest")) << to_text(about);
    EXPECT_EQ(open()->find("k"), nullptr);
    EXPECT_EQ(count("entries"), 0u);
}

TEST_F(MediaStore, EvictsAcrossARestartInTheOrderOfUse)
{
    auto store = open(3600s, 30);
    for (const auto* key : {"a", "b", "c"}) {
        ASSERT_TRUE(keep(*store, key, {"0123456789"}));
        until_next_tick();
    }
    ASSERT_TRUE(found(*store, "a"));
    store.reset();
    store = open(3600s, 30);
    until_next_tick();
    ASSERT_TRUE(keep(*store, "d", {"0123456789"}));
    EXPECT_EQ(store->find("b"), nullptr);
    until_next_tick();
    EXPECT_TRUE(found(*store, "a"));
    store.reset();
    EXPECT_EQ(open(3600s, 10)->find("c"), nullptr) << "the limit is lower now";
    EXPECT_EQ(count("entries"), 1u);
}

TEST_F(MediaStore, DoesNotKeepWhatIsLargerThanItself)
{
    const auto store = open(3600s, 30);
    ASSERT_TRUE(keep(*store, "a", {"0123456789"}));
    EXPECT_FALSE(keep(*store, "b", {std::string(31, 'x')}));
    EXPECT_TRUE(found(*store, "a"));
}

TEST_F(MediaStore, WhatIsOpenCanBeReadToItsEnd)
{
    const auto store = open();
    ASSERT_TRUE(keep(*store, "k", two_));
    const auto entry = store->find("k");
    const auto files = store->open(entry);
    store->drop(entry);
    EXPECT_EQ(count("entries"), 0u);
    EXPECT_EQ(read_at((*files)[1].get(), 0, 1'000'000), two_[1]);
}

TEST_F(MediaStore, KeepsNothingWhenItIsOffAndEmptiesWhatIsThere)
{
    ASSERT_TRUE(keep(*open(), "k", two_));
    const auto store = open(0s);
    EXPECT_EQ(store->find("k"), nullptr);
    EXPECT_FALSE(keep(*store, "l", two_));
    EXPECT_EQ(count("entries"), 0u);
}

TEST_F(MediaStore, IsUsedByOneServerAtATime)
{
    auto first = open();
    ASSERT_TRUE(keep(*first, "k", two_));
    const auto second = open();
    EXPECT_EQ(second->find("k"), nullptr);
    EXPECT_FALSE(keep(*second, "l", two_));
    second->maintain();
    EXPECT_EQ(found(*first, "k"), two_);
    first.reset();
    second->maintain();
    EXPECT_EQ(found(*second, "k"), two_) << "it takes over";
}

} // namespace
} // namespace ttsave::store
