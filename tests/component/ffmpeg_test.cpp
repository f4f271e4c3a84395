// Supervision is tested with programs that misbehave in ffmpeg's place; the videos themselves by the system tests.

#include "media/ffmpeg.hpp"

#include "core/concurrently.hpp"
#include "core/task_group.hpp"
#include "media/ffmpeg_rehearsal.hpp"
#include "running.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <unistd.h>

namespace ttsave::media {
namespace {

namespace asio = boost::asio;

class Ffmpeg : public testing::Test {
protected:
    Ffmpeg() { std::filesystem::create_directories(home_); }
    ~Ffmpeg() override { std::filesystem::remove_all(home_); }

    /// A program that does as `script` says, whatever it is asked for.
    ffmpeg_options program(const std::string& script)
    {
        ffmpeg_options options;
        options.program = home_ / "ffmpeg";
        std::ofstream(options.program) << "#!/bin/sh\n" << script << '\n';
        std::filesystem::permissions(options.program, std::filesystem::perms::owner_all);
        return options;
    }

    result<std::string> run(const ffmpeg_options& options, ffmpeg_job job = {})
    {
        ffmpeg encoder(options);
        auto done = test::run(context_, encoder.run(std::move(job)));
        test::run(context_, encoder.stop());
        return done;
    }

    std::size_t notes() const
    {
        std::ifstream file(home_ / "notes");
        return std::size_t(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
    }

    std::string note() const { return "echo >> " + (home_ / "notes").string() + "; "; }

    asio::io_context context_{1};
    const std::filesystem::path home_ = testing::TempDir() + "ffmpeg-test-" + std::to_string(::getpid());
};

TEST_F(Ffmpeg, GivesItsOutputAndIsToldItsArguments)
{
    EXPECT_EQ(*run(program("echo \"$@\""), {{"-i", "a b"}, {}}), "-nostdin -hide_banner -loglevel warning -y -i a b\n");
}

TEST_F(Ffmpeg, TellsWhoseFaultAFailureIs)
{
    ffmpeg_options missing;
    missing.program = home_ / "nothing";
    EXPECT_EQ(run(missing).error(), errc::slideshow_unavailable);
    EXPECT_EQ(run(program("exit 1")).error(), errc::media_broken);
    EXPECT_EQ(run(program("exit 183")).error(), errc::media_broken) << "ffmpeg 7's words for the same";
    EXPECT_EQ(run(program("kill -9 $$")).error(), errc::slideshow_failed);
    EXPECT_EQ(run(program("exit 255")).error(), errc::slideshow_failed) << "how ffmpeg ends on SIGTERM";
    EXPECT_EQ(run(program("exit 123")).error(), errc::slideshow_failed) << "and on the fourth";
    EXPECT_EQ(run(program("exec /no/such/loader")).error(), errc::slideshow_failed);
}

TEST_F(Ffmpeg, IsKilledWhenItTakesTooLong)
{
    auto options = program("trap '' TERM; while :; do sleep 1000; done");
    options.max_time = std::chrono::seconds(1);
    EXPECT_EQ(run(options).error(), errc::slideshow_failed);
}

TEST_F(Ffmpeg, ItsLogIsReadToTheEndHoweverLongItIs)
{
    EXPECT_EQ(*run(program("head -c 300000 /dev/zero | tr '\\0' x >&2; echo; echo done")), "\ndone\n");
}

TEST_F(Ffmpeg, RunsNoMoreThanItsJobsAtATime)
{
    // Each waits for another to be there as well, and fails when there is a third.
    const std::string dir = home_ / "running";
    auto options = program("mkdir -p " + dir + "; touch " + dir + "/$$; i=0; while [ $(ls " + dir +
                           " | wc -l) -lt 2 ] && [ $i -lt 20 ]; do sleep 0.05; i=$((i+1)); done; [ $(ls " + dir +
                           " | wc -l) -le 2 ]; s=$?; rm " + dir + "/$$; exit $s");
    options.jobs = 2;
    ffmpeg encoder(options);
    auto one = [&encoder](std::size_t) -> asio::awaitable<result<void>> {
        const auto done = co_await encoder.run({});
        co_return done ? result<void>() : result<void>(done.error());
    };
    EXPECT_TRUE(test::run(context_, concurrently(8, 8, one)));
    test::run(context_, encoder.stop());
}

TEST_F(Ffmpeg, RunsThoseFirstWhoCameFirst)
{
    auto options = program("echo $6 >> " + (home_ / "notes").string());
    options.jobs = 1;
    ffmpeg encoder(options);
    auto one = [&encoder](std::size_t index) -> asio::awaitable<result<void>> {
        ffmpeg_job job;
        job.arguments = {std::to_string(index)};
        const auto done = co_await encoder.run(std::move(job));
        co_return done ? result<void>() : result<void>(done.error());
    };
    EXPECT_TRUE(test::run(context_, concurrently(20, 20, one)));
    test::run(context_, encoder.stop());
    std::ifstream file(home_ / "notes");
    const std::vector<int> order{std::istream_iterator<int>(file), {}};
    EXPECT_EQ(order.size(), 20u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(Ffmpeg, RefusesWhoHasWaitedTooLong)
{
    auto options = program(note() + "while :; do sleep 1000; done");
    options.jobs = 1;
    options.max_wait = std::chrono::seconds(1);
    ffmpeg encoder(options);
    task_group waiting;
    auto wait = [&encoder]() -> asio::awaitable<void> { co_await encoder.run({}); };
    waiting.spawn(context_.get_executor(), wait(), "test");
    test::run_until(context_, [this] { return notes() == 1; });
    EXPECT_EQ(test::run(context_, encoder.run({})).error(), errc::overloaded);
    waiting.cancel();
    test::run(context_, waiting.join());
    test::run(context_, encoder.stop());
}

TEST_F(Ffmpeg, IsKilledWhenNobodyWaitsForItAnyMore)
{
    auto options = program(note() + "trap '' TERM; while :; do sleep 1000; done");
    options.jobs = 1;
    ffmpeg encoder(options);
    task_group waiting;
    auto wait = [&encoder]() -> asio::awaitable<void> { co_await encoder.run({}); };
    for (std::size_t started = 1; started <= 2; ++started) {
        // There is only room for the second because the first is gone.
        const auto task = waiting.spawn(context_.get_executor(), wait(), "test");
        test::run_until(context_, [this, started] { return notes() == started; });
        task_group::task::cancel(task);
    }
    test::run(context_, waiting.join());
    test::run(context_, encoder.stop());
}

TEST_F(Ffmpeg, RehearsesUntilItSucceeds)
{
    auto options = program(note() + "exit 0");
    ffmpeg encoder(options);
    ffmpeg_rehearsal rehearsal(encoder);
    EXPECT_FALSE(rehearsal.has_succeeded());
    EXPECT_FALSE(test::run(context_, rehearsal.succeeds())) << "no picture came out";
    std::filesystem::remove(options.program);
    EXPECT_FALSE(test::run(context_, rehearsal.succeeds()));
    program(note() + "exec /usr/bin/ffmpeg \"$@\"");
    EXPECT_TRUE(test::run(context_, rehearsal.succeeds()));
    EXPECT_TRUE(rehearsal.has_succeeded());
    EXPECT_TRUE(test::run(context_, rehearsal.succeeds()));
    EXPECT_EQ(notes(), 2u) << "once it has succeeded, it is not looked at again";
    rehearsal.forget();
    EXPECT_TRUE(test::run(context_, rehearsal.succeeds()));
    EXPECT_EQ(notes(), 3u);
    test::run(context_, encoder.stop());
}

} // namespace
} // namespace ttsave::media
