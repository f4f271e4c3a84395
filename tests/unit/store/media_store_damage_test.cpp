// Issue 4, "Disk cache": whatever happens to the files, never a wrong byte.

#include "store/store_test.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>

namespace ttsave::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

using MediaStoreDamage = store_test;

TEST_F(MediaStoreDamage, NoticesDamageOfEveryKind)
{
    const std::vector<std::function<void(const fs::path&)>> accidents{
        [](const fs::path& path) { flip_a_byte(path, 0); },
        [](const fs::path& path) { flip_a_byte(path, 999); },
        [](const fs::path& path) { fs::resize_file(path, 999); },
        [](const fs::path& path) { fs::resize_file(path, 1001); },
        [](const fs::path& path) { fs::resize_file(path, 0); },
        [](const fs::path& path) { fs::remove(path); },
    };
    for (std::size_t index = 0; index < accidents.size(); ++index)
        for (const bool restarts : {false, true}) {
            auto store = open();
            ASSERT_TRUE(keep(*store, "k", two_));
            ASSERT_EQ(found(*store, "k"), two_) << "it has been read whole before";
            until_next_tick();
            accidents[index](file_of("k"));
            if (restarts) {
                store.reset();
                store = open();
            }
            EXPECT_EQ(found(*store, "k"), std::nullopt) << index << restarts;
            EXPECT_EQ(store->find("k"), nullptr) << index << restarts;
            EXPECT_EQ(count("entries"), 0u) << index << restarts;
        }
}

TEST_F(MediaStoreDamage, ReadsAFileAgainThatOnlyLooksChanged)
{
    const auto store = open();
    ASSERT_TRUE(keep(*store, "k", two_));
    until_next_tick();
    std::ofstream(file_of("k"), std::ios::in | std::ios::out) << 'a'; // what stood there
    EXPECT_EQ(found(*store, "k"), two_);
}

TEST_F(MediaStoreDamage, NoticesADamagedManifest)
{
    ASSERT_TRUE(keep(*open(), "k", two_));
    flip_a_byte(file_of("k", "manifest"), 20);
    EXPECT_EQ(found(*open(), "k"), std::nullopt);
    EXPECT_EQ(count("entries"), 0u);
}

TEST_F(MediaStoreDamage, RemovesWhatACrashHasLeft)
{
    ASSERT_TRUE(keep(*open(), "k", two_));
    fs::create_directories(home_.path() / "incoming" / "half");
    std::ofstream(home_.path() / "incoming" / "half" / "1.mp4") << "half";
    fs::create_directories(home_.path() / "entries" / "without-manifest");
    std::ofstream(home_.path() / "entries" / "without-manifest" / "1.mp4") << "whole?";
    fs::create_directory(home_.path() / "entries" / "empty");
    std::ofstream(home_.path() / "entries" / "a-file") << "?";
    fs::copy(file_of("k").parent_path(), home_.path() / "entries" / "other-name");
    const auto store = open();
    EXPECT_EQ(found(*store, "k"), two_);
    EXPECT_EQ(count("entries"), 1u);
    EXPECT_EQ(count("incoming"), 0u);
}

TEST_F(MediaStoreDamage, ComesBackWhenItsDirectoryCanBeUsedAgain)
{
    const auto directory = home_.path() / "later";
    media_store store({directory, 1'000'000, 3600s});
    store.maintain();
    EXPECT_FALSE(keep(store, "k", two_));
    fs::create_directory(directory);
    store.maintain();
    EXPECT_TRUE(keep(store, "k", two_));
    EXPECT_EQ(found(store, "k"), two_);
}

TEST_F(MediaStoreDamage, StartsAnewInADirectoryThatWasReplaced)
{
    const auto store = open();
    ASSERT_TRUE(keep(*store, "k", two_));
    for (const auto& content : fs::directory_iterator(home_.path()))
        fs::remove_all(content);
    store->maintain();
    EXPECT_EQ(store->find("k"), nullptr);
    EXPECT_TRUE(keep(*store, "l", two_));
    EXPECT_EQ(found(*store, "l"), two_);
    const auto second = open();
    EXPECT_FALSE(keep(*second, "m", two_)) << "the new directory is the first server's, too";
}

TEST_F(MediaStoreDamage, KeepsGoingWhenItsFoldersAreRemoved)
{
    const auto store = open();
    fs::remove(home_.path() / "incoming");
    fs::remove(home_.path() / "entries");
    EXPECT_TRUE(keep(*store, "k", two_));
    EXPECT_EQ(found(*store, "k"), two_);
}

TEST_F(MediaStoreDamage, KeepsNothingOfWhatCannotBeWritten)
{
    const auto store = open();
    fs::remove(home_.path() / "incoming");
    std::ofstream(home_.path() / "incoming") << "in the way";
    EXPECT_FALSE(keep(*store, "k", two_));
    EXPECT_EQ(store->find("k"), nullptr);
    EXPECT_EQ(count("entries"), 0u);
}

} // namespace
} // namespace ttsave::store
