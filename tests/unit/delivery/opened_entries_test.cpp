#include "delivery/opened_entries.hpp"

#include "builders.hpp"
#include "samples.hpp"
#include "store/spool.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace ttsave::delivery {
namespace {

class OpenedEntries : public testing::Test {
protected:
    using entry = store::media_store::entry;

    std::shared_ptr<const post_files> make(std::size_t files)
    {
        auto made = std::make_shared<post_files>();
        for (std::size_t number = 0; number < files; ++number) {
            const std::string content = "content";
            auto created = spool_.create();
            auto file = std::move(*created);
            EXPECT_EQ(::write(file.get(), content.data(), content.size()), static_cast<ssize_t>(content.size()));
            made->files.push_back(
                std::make_shared<growing_file>(std::move(file), jpeg, content.size(), false, services_));
        }
        return made;
    }

    /// An entry whose files were opened, and are kept so.
    entry open(std::size_t files = 1)
    {
        auto opened = std::make_shared<store::stored_entry>();
        const auto content = make(files);
        for (const auto& file : content->files)
            opened->stamps.push_back(store::file_stamp::of(file->descriptor()));
        opened_.keep(opened, content);
        return opened;
    }

    const test::temporary_directory home_;
    store::spool spool_{home_.path(), 1 << 30};
    budget memory_{0};
    const file_services services_{spool_.room(), memory_};
    opened_entries opened_{4};
};

TEST_F(OpenedEntries, GivesWhatWasOpened)
{
    const auto kept = open(2);
    const auto found = opened_entries::find(kept);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->files.size(), 2U);
    EXPECT_EQ(opened_entries::find(std::make_shared<store::stored_entry>()), nullptr);
}

TEST_F(OpenedEntries, GivesNothingThatWasChangedSince)
{
    const auto kept = open();
    ASSERT_EQ(::ftruncate(opened_entries::find(kept)->files.front()->descriptor(), 3), 0);
    EXPECT_EQ(opened_entries::find(kept), nullptr);
}

TEST_F(OpenedEntries, ClosesTheOldestWhenThereAreTooManyFiles)
{
    const auto first = open(2);
    const auto second = open(2);
    EXPECT_TRUE(opened_entries::find(first));
    const auto third = open(1);
    EXPECT_EQ(opened_entries::find(first), nullptr);
    EXPECT_TRUE(opened_entries::find(second));
    EXPECT_TRUE(opened_entries::find(third));
    EXPECT_EQ(opened_entries::find(open(5)), nullptr);
}

TEST_F(OpenedEntries, ClosesNothingThatIsBeingRead)
{
    const auto first = open(4);
    const auto read = opened_entries::find(first);
    open(4);
    EXPECT_EQ(opened_entries::find(first), nullptr);
    EXPECT_TRUE(store::file_stamp::of(read->files.front()->descriptor()) == first->stamps.front());
}

TEST_F(OpenedEntries, EndWithTheEntry)
{
    auto kept = open();
    const std::weak_ptr<const post_files> content = opened_entries::find(kept);
    EXPECT_FALSE(content.expired());
    kept.reset();
    EXPECT_TRUE(content.expired());
    open(4); // finds that it has gone
}

} // namespace
} // namespace ttsave::delivery
