// Issue 4, "Disk cache": what is kept is sent exactly as it was the first time.

#include "delivery/stored_form.hpp"

#include "builders.hpp"
#include "core/checksum.hpp"
#include "core/file_io.hpp"
#include "samples.hpp"
#include "store/spool.hpp"

#include <gmock/gmock.h>

namespace ttsave::delivery {
namespace {

class StoredForm : public testing::Test {
protected:
    post_files make(const std::vector<std::string>& contents)
    {
        post_files made;
        made.post = {"7312345678901234567", extraction::post_kind::photos, "Titel", "Ж \n 😀", "user", 12, {}};
        for (const auto& content : contents) {
            made.files.push_back(std::make_shared<growing_file>(std::move(*spool_.create()), marker, services_));
            made.files.back()->begin(jpeg, content.size());
            EXPECT_TRUE(made.files.back()->append(content));
            made.files.back()->complete();
        }
        return made;
    }

    std::vector<unique_fd> descriptors(const post_files& of)
    {
        std::vector<unique_fd> opened;
        for (const auto& file : of.files)
            opened.emplace_back(::dup(file->descriptor()));
        return opened;
    }

    const test::temporary_directory home_;
    store::spool spool_{home_.path(), 1 << 30};
    budget memory_{0};
    const file_services services_{spool_.room(), memory_};
};

TEST_F(StoredForm, ComesBackAsItWas)
{
    const auto before = make({"first", "second file"});
    const auto entry = manifest_of("key", before);
    EXPECT_TRUE(entry.boundary_safe);
    const auto after = content_of(entry, descriptors(before), services_);
    ASSERT_TRUE(after);
    const auto& post = (*after)->post;
    EXPECT_EQ(post.id, before.post.id);
    EXPECT_EQ(post.kind, before.post.kind);
    EXPECT_EQ(post.title, before.post.title);
    EXPECT_EQ(post.description, before.post.description);
    EXPECT_EQ(post.author, before.post.author);
    EXPECT_EQ(post.duration_s, before.post.duration_s);
    ASSERT_EQ((*after)->files.size(), 2u);
    const auto state = (*after)->files[1]->state();
    EXPECT_TRUE(state.is_complete);
    EXPECT_EQ(state.size, 11u);
    EXPECT_EQ(state.total, 11u);
    EXPECT_EQ(state.type->mime, "image/jpeg");
    EXPECT_FALSE(state.holds_marker);
}

TEST_F(StoredForm, KnowsWhichFilesHoldTheBoundary)
{
    const auto before = make({"first", "x" + marker});
    const auto entry = manifest_of("key", before);
    EXPECT_FALSE(entry.boundary_safe);
    const auto after = content_of(entry, descriptors(before), services_);
    ASSERT_TRUE(after);
    EXPECT_TRUE((*after)->files.front()->state().holds_marker);
}

TEST_F(StoredForm, HasTheChecksumOfWhatArrived)
{
    const auto entry = manifest_of("key", make({"first"}));
    checksum sum;
    sum.add(std::string_view("first"));
    EXPECT_EQ(entry.files.front().checksum, sum.text());
    EXPECT_EQ(entry.files.front().name, "1.jpg");
}

TEST_F(StoredForm, IsRefusedWhenItIsNotAPost)
{
    const auto before = make({"first"});
    const auto good = manifest_of("key", before);
    for (const auto* key : {"id", "kind", "title", "description", "author"}) {
        auto entry = good;
        entry.about.erase(key);
        EXPECT_FALSE(content_of(entry, descriptors(before), services_)) << key;
        entry.about[key] = 5;
        EXPECT_FALSE(content_of(entry, descriptors(before), services_)) << key;
    }
    auto entry = good;
    entry.files.front().type = "exe";
    EXPECT_FALSE(content_of(entry, descriptors(before), services_));
}

TEST(StoreKey, TellsWhatIsDifferent)
{
    media::slideshow_options options;
    const auto original = store_key("1", product::original, options);
    const auto slideshow = store_key("1", product::slideshow, options);
    EXPECT_EQ(original, "1-original");
    EXPECT_NE(original, slideshow);
    options.background = media::slideshow_background::black;
    EXPECT_EQ(store_key("1", product::original, options), original);
    EXPECT_NE(store_key("1", product::slideshow, options), slideshow);
    EXPECT_NE(store_key("2", product::original, options), original);
}

} // namespace
} // namespace ttsave::delivery
