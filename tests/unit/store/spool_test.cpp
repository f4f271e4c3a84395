// Contract, "Errors" (the file could not be written) and issue 2: the spool is empty afterwards, whatever happens.

#include "store/spool.hpp"

#include "builders.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

namespace ttsave::store {
namespace {

namespace fs = std::filesystem;

bool is_open(int fd)
{
    return ::fcntl(fd, F_GETFD) >= 0;
}

TEST(UniqueFd, ClosesWithItsLastOwner)
{
    const int raw = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ASSERT_GE(raw, 0);
    {
        unique_fd first(raw);
        unique_fd second(std::move(first));
        EXPECT_EQ(second.get(), raw);
        unique_fd third;
        EXPECT_EQ(third.get(), -1);
        third = std::move(second);
        EXPECT_EQ(third.get(), raw);
        EXPECT_TRUE(is_open(raw));
    }
    EXPECT_FALSE(is_open(raw));
}

TEST(Spool, MakesEmptyFilesThatCanBeWrittenAndRead)
{
    const test::temporary_directory home;
    const spool files(home.path(), 1);
    const auto first = files.create();
    const auto second = files.create();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(::lseek(first->get(), 0, SEEK_END), 0);
    EXPECT_EQ(::pwrite(first->get(), "abc", 3, 0), 3);
    char read[4] = {};
    EXPECT_EQ(::pread(first->get(), read, sizeof read, 0), 3);
    EXPECT_STREQ(read, "abc");
    EXPECT_EQ(::lseek(second->get(), 0, SEEK_END), 0) << "files are not shared";
    EXPECT_TRUE(::fcntl(first->get(), F_GETFD) & FD_CLOEXEC) << "an extractor would inherit it";
}

TEST(Spool, LeavesNoDirectoryEntry)
{
    const test::temporary_directory home;
    const spool files(home.path(), 1);
    const auto file = files.create();
    ASSERT_TRUE(file);
    ASSERT_EQ(::pwrite(file->get(), "abc", 3, 0), 3);
    EXPECT_TRUE(fs::is_empty(home.path()));
}

TEST(Spool, MakesItsDirectoryForItselfAlone)
{
    const test::temporary_directory home;
    const auto directory = home.path() / "a" / "b";
    const spool files(directory, 1);
    ASSERT_TRUE(fs::is_directory(directory));
    EXPECT_EQ(fs::status(directory).permissions(), fs::perms::owner_all);
    EXPECT_TRUE(files.create());
}

TEST(Spool, FailsInAnUnusableDirectoryUntilItIsMended)
{
    const test::temporary_directory home;
    const auto obstacle = home.path() / "cache";
    std::ofstream(obstacle) << "a file where the directory should be";
    const spool files(obstacle, 1);
    const auto refused = files.create();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), errc::storage_failed);

    fs::remove(obstacle);
    fs::create_directory(obstacle);
    EXPECT_TRUE(files.create());
}

} // namespace
} // namespace ttsave::store
