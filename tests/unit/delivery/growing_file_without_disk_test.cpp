// Issue 4, "Storage faults": those who are being served go on from memory, which is bounded; nobody else does.

#include "delivery/growing_file.hpp"

#include "builders.hpp"
#include "core/file_io.hpp"
#include "samples.hpp"
#include "store/spool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>

#include <fcntl.h>

namespace ttsave::delivery {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t mebibyte = 1024 * 1024;

class GrowingFileWithoutDisk : public testing::Test {
protected:
    using file_ptr = std::shared_ptr<growing_file>;

    /// A file whose first MiB fits on disk, and no more.
    file_ptr make() { return std::make_shared<growing_file>(std::move(*spool_.create()), marker, services_); }

    file_ptr make_on(const char* device)
    {
        const int descriptor = ::open(device, O_RDWR | O_CLOEXEC);
        EXPECT_GE(descriptor, 0) << device;
        return std::make_shared<growing_file>(unique_fd(descriptor), marker, services_);
    }

    /// Runs `body` until it ends; nothing when it does not within `time`, or by now.
    template <typename Value>
    std::optional<Value> run(asio::awaitable<Value> body, std::chrono::milliseconds time = 0ms)
    {
        const auto outcome = std::make_shared<std::optional<Value>>();
        asio::co_spawn(context_, std::move(body),
                       [outcome](std::exception_ptr, Value value) { *outcome = std::move(value); });
        context_.restart();
        context_.poll();
        const auto deadline = std::chrono::steady_clock::now() + time;
        while (!*outcome && std::chrono::steady_clock::now() < deadline)
            context_.run_one_until(deadline);
        return *outcome;
    }

    /// A reader that reads what there is, and never waits.
    struct client {
        explicit client(growing_file& file) : reader(file.attach()) {}
        std::optional<growing_file::reader> reader;
        std::uint64_t taken = 0;
    };

    std::string read(client& by)
    {
        std::string bytes;
        while (by.taken < by.reader->file().size()) {
            const auto next = run(by.reader->next(mebibyte));
            if (!next || !*next) {
                ADD_FAILURE() << "no bytes at " << by.taken;
                return bytes;
            }
            by.taken += (*next)->size;
            if ((*next)->memory)
                bytes += *(*next)->memory;
            else
                bytes += read_at(by.reader->file().descriptor(), (*next)->offset, (*next)->size);
        }
        return bytes;
    }

    /// Whether the writer may go on at once; else its waiting ends with the test.
    bool has_room(const file_ptr& file) { return run(wait_for_room(file)).has_value() && file->has_room(); }

    static asio::awaitable<bool> wait_for_room(file_ptr file)
    {
        co_await file->room();
        co_return true;
    }

    static std::string block(char letter, std::size_t size = 100'000) { return std::string(size, letter); }

    const test::temporary_directory home_;
    store::spool spool_{home_.path(), mebibyte};
    budget memory_{4 * mebibyte};
    file_services services_{spool_.room(), memory_, 50ms};
    asio::io_context context_{1};
};

TEST_F(GrowingFileWithoutDisk, FailsWhereNobodyHasBegunToRead)
{
    for (const auto* device : {"/dev/full", "/proc/self/mem"}) { // ENOSPC, EIO
        const auto file = make_on(device);
        const auto written = file->append(block('a'));
        ASSERT_FALSE(written) << device;
        EXPECT_EQ(written.error(), errc::storage_failed) << device;
    }
    const auto file = make();
    ASSERT_TRUE(file->append(block('a', mebibyte)));
    EXPECT_EQ(file->append(block('b')).error(), errc::overloaded) << "the budget, not the disk";
}

TEST_F(GrowingFileWithoutDisk, CannotBeBegunOnceItHasFailed)
{
    const auto file = make();
    ASSERT_TRUE(file->append(block('a', mebibyte)));
    EXPECT_TRUE(file->attach()) << "and left again";
    ASSERT_FALSE(file->append(block('b')));
    EXPECT_FALSE(file->attach());
    EXPECT_EQ(file->state().error, errc::overloaded);
}

TEST_F(GrowingFileWithoutDisk, RefusesWhatIsKnownNotToFit)
{
    const auto file = make();
    file->begin({media::media_class::video, "video/mp4", "mp4"}, mebibyte + 1);
    EXPECT_EQ(file->append(block('a')).error(), errc::overloaded);
}

TEST_F(GrowingFileWithoutDisk, GoesOnForThoseWhoRead)
{
    for (const auto* device : {"/dev/full", "/proc/self/mem"}) {
        const auto file = make_on(device);
        client reader(*file);
        ASSERT_TRUE(file->append(block('a'))) << device;
        ASSERT_TRUE(file->append(block('b'))) << device;
        EXPECT_TRUE(read(reader) == block('a') + block('b')) << device;
        EXPECT_EQ(memory_.used(), 0u) << "what everybody has is forgotten";
        ASSERT_TRUE(file->append(block('c')));
        file->complete();
        EXPECT_TRUE(read(reader) == block('c'));
        EXPECT_FALSE(file->is_on_disk());
    }
}

TEST_F(GrowingFileWithoutDisk, GoesOnFromWhereTheDiskEnds)
{
    const auto file = make();
    client fast(*file);
    client slow(*file);
    ASSERT_TRUE(file->append(block('a', mebibyte)));
    EXPECT_TRUE(read(fast) == block('a', mebibyte));
    ASSERT_TRUE(file->append(block('b')));
    ASSERT_TRUE(file->append(block('c')));
    file->complete();
    EXPECT_TRUE(read(slow) == block('a', mebibyte) + block('b') + block('c'));
    EXPECT_TRUE(read(fast) == block('b') + block('c'));
    EXPECT_EQ(file->state().size, mebibyte + 200'000);
}

TEST_F(GrowingFileWithoutDisk, LetsNobodyInWhoWouldMissSomething)
{
    const auto file = make();
    client first(*file);
    ASSERT_TRUE(file->append(block('a', mebibyte)));
    ASSERT_TRUE(file->append(block('b')));
    client second(*file);
    ASSERT_TRUE(second.reader) << "everything is still there";
    read(first);
    EXPECT_TRUE(file->attach()) << "the second reader has not had it yet";
    read(second);
    EXPECT_FALSE(file->attach());
}

TEST_F(GrowingFileWithoutDisk, HoldsTheWriterUp)
{
    const auto file = make_on("/dev/full");
    client reader(*file);
    EXPECT_TRUE(has_room(file));
    while (file->has_room())
        ASSERT_TRUE(file->append(block('a')));
    EXPECT_LT(memory_.used(), mebibyte + 100'000);
    EXPECT_FALSE(has_room(file));
    read(reader);
    EXPECT_TRUE(has_room(file));
}

TEST_F(GrowingFileWithoutDisk, WakesTheWriterWhenThereIsRoom)
{
    const auto file = make_on("/dev/full");
    client reader(*file);
    while (file->has_room())
        ASSERT_TRUE(file->append(block('a')));
    const auto woke = std::make_shared<bool>(false);
    asio::co_spawn(context_, file->room(), [woke](std::exception_ptr) { *woke = true; });
    context_.restart();
    context_.poll();
    EXPECT_FALSE(*woke);
    read(reader);
    context_.restart();
    context_.poll();
    EXPECT_TRUE(*woke);
}

TEST_F(GrowingFileWithoutDisk, IsNotHeldUpByThoseWhoLeft)
{
    const auto file = make_on("/dev/full");
    client stays(*file);
    {
        const client leaves(*file);
        while (file->has_room())
            ASSERT_TRUE(file->append(block('a')));
        read(stays);
        EXPECT_FALSE(has_room(file));
    }
    EXPECT_TRUE(has_room(file));
    EXPECT_EQ(memory_.used(), 0u);
}

TEST_F(GrowingFileWithoutDisk, CutsOffWhoStandsStillInTheWayOfOthers)
{
    const auto file = make_on("/dev/full");
    client stuck(*file);
    client fast(*file);
    while (file->has_room())
        ASSERT_TRUE(file->append(block('a')));
    read(fast);
    EXPECT_TRUE(run(wait_for_room(file), 30s));
    const auto next = run(stuck.reader->next(mebibyte));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->error(), errc::storage_failed);
    ASSERT_TRUE(file->append(block('b')));
    EXPECT_TRUE(read(fast) == block('b'));
}

TEST_F(GrowingFileWithoutDisk, DoesNotCutOffTheOnlyReaderHoweverSlow)
{
    const auto file = make_on("/dev/full");
    client reader(*file);
    std::size_t size = 0;
    for (; file->has_room(); size += 100'000)
        ASSERT_TRUE(file->append(block('a')));
    EXPECT_FALSE(run(wait_for_room(file), 10 * 50ms)) << "ten times its patience";
    EXPECT_EQ(read(reader).size(), size);
}

TEST_F(GrowingFileWithoutDisk, IsBoundedByTheBudgetOfAll)
{
    const auto one = make_on("/dev/full");
    const auto other = make_on("/dev/full");
    const client first(*one);
    client second(*other);
    budget::share hog(memory_);
    ASSERT_TRUE(hog.resize(4 * mebibyte - 150'000));
    ASSERT_TRUE(one->append(block('a')));
    const auto refused = other->append(block('b'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), errc::storage_failed);
    other->fail(refused.error());
    EXPECT_EQ(run(second.reader->next(1))->error(), errc::storage_failed);
}

TEST_F(GrowingFileWithoutDisk, FindsTheMarkerAcrossTheEndOfTheDisk)
{
    const auto file = make();
    client reader(*file);
    ASSERT_TRUE(file->append(block('a', mebibyte - 5) + marker.substr(0, 5)));
    EXPECT_FALSE(file->state().holds_marker);
    ASSERT_TRUE(file->append(marker.substr(5)));
    EXPECT_TRUE(file->state().holds_marker);
}

TEST_F(GrowingFileWithoutDisk, ComparesOnlyWhatIsOnDisk)
{
    const auto file = make();
    const client reader(*file);
    ASSERT_TRUE(file->append(block('a', mebibyte)));
    ASSERT_TRUE(file->append(block('b')));
    EXPECT_TRUE(file->equals(0, block('a', mebibyte)));
    EXPECT_FALSE(file->equals(mebibyte - 1, std::string("ab")));
}

TEST_F(GrowingFileWithoutDisk, GivesItsBudgetBack)
{
    {
        const auto file = make();
        const client reader(*file);
        ASSERT_TRUE(file->append(block('a', mebibyte)));
        ASSERT_TRUE(file->append(block('b')));
        EXPECT_GT(memory_.used(), 0u);
        EXPECT_GT(spool_.room().used(), 0u);
    }
    EXPECT_EQ(memory_.used(), 0u);
    EXPECT_EQ(spool_.room().used(), 0u);
}

} // namespace
} // namespace ttsave::delivery
