// Real processes that misbehave on purpose (fake_worker.py), under the real pool and gate.

#include "worker_pool_fixture.hpp"

#include <boost/asio/co_spawn.hpp>

#include <gmock/gmock.h>

#include <optional>

namespace ttsave::extraction {
namespace {

namespace asio = boost::asio;
using testing::HasSubstr;

using WorkerPool = test::WorkerPoolTest;

TEST_F(WorkerPool, ResolvesManyJobsWithOneProcess)
{
    start("good");
    for (int count = 0; count < 20; ++count) {
        const auto found = resolve();
        ASSERT_TRUE(found) << found.error().message();
        EXPECT_EQ(found->id, "42");
    }
    EXPECT_EQ(noted_numbers("start ").size(), 1u);
    EXPECT_EQ(pool_->status().ready, 1u);
}

TEST_F(WorkerPool, PassesOnTheCodeOfAFailure)
{
    start("fails");
    EXPECT_EQ(resolve().error(), errc::post_private);
}

TEST_F(WorkerPool, AJobWhoseProcessDiesIsTriedOnceOnAnother)
{
    start("dies_once");
    EXPECT_TRUE(resolve());
    EXPECT_EQ(noted_numbers("start ").size(), 2u);
}

TEST_F(WorkerPool, AJobThatKillsTwoProcessesFails)
{
    start("dies", 2);
    EXPECT_EQ(resolve().error(), errc::extractor_failed);
    EXPECT_EQ(noted_numbers("job ").size(), 2u);
}

TEST_F(WorkerPool, ABabblingProcessIsReplacedAndItsJobTriedAgain)
{
    start("babbles_once");
    EXPECT_TRUE(resolve());
    EXPECT_EQ(noted_numbers("start ").size(), 2u);
}

TEST_F(WorkerPool, AnEndlessLineIsNotCollected)
{
    start("endless_line", 2);
    EXPECT_EQ(resolve().error(), errc::extractor_failed);
}

TEST_F(WorkerPool, AnAnswerToAnotherJobIsBabble)
{
    start("wrong_id", 2);
    EXPECT_EQ(resolve().error(), errc::extractor_failed);
}

TEST_F(WorkerPool, AJobThatHangsEndsAtItsDeadlineAndItsProcessIsReplaced)
{
    start("hangs");
    wait_for_note("configured");
    EXPECT_EQ(resolve(std::chrono::milliseconds(500)).error(), errc::tiktok_timeout);
    test::run_until(context_, [this] { return noted_numbers("start ").size() == 2; });
}

TEST_F(WorkerPool, AProcessThatIgnoresSigtermIsKilled)
{
    start("stubborn");
    EXPECT_TRUE(resolve());
    // The fixture's destructor stops the pool and looks for the process.
}

TEST_F(WorkerPool, WithoutAProcessThatCanWorkJobsFailAtOnce)
{
    start("unusable", 2);
    EXPECT_EQ(resolve().error(), errc::extractor_failed);
    EXPECT_EQ(resolve().error(), errc::extractor_failed);
    EXPECT_EQ(pool_->status().ready, 0u);
}

TEST_F(WorkerPool, AnotherProtocolVersionIsRefused)
{
    start("wrong_version");
    EXPECT_EQ(resolve().error(), errc::extractor_failed);
}

TEST_F(WorkerPool, AFullQueueRefusesAndAJobThatNeverBeganIsNoTimeoutOfTikTok)
{
    start("hangs", 1, 1);
    std::optional<result<post>> first;
    std::optional<result<post>> second;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    auto begin = [&](std::optional<result<post>>& outcome) {
        asio::co_spawn(context_, pool_->resolve({"1", ""}, deadline),
                       [&outcome](std::exception_ptr, result<post> got) { outcome = std::move(got); });
    };
    begin(first);
    wait_for_note("job 1");
    begin(second);
    EXPECT_EQ(test::run(context_, pool_->resolve({"3", ""}, deadline)).error(), errc::overloaded);
    test::run_until(context_, [&] { return first && second; });
    EXPECT_EQ(first->error(), errc::tiktok_timeout);
    EXPECT_EQ(second->error(), errc::overloaded);
}

TEST_F(WorkerPool, StoppingFailsJobsUnderWay)
{
    start("hangs");
    std::optional<result<post>> outcome;
    asio::co_spawn(context_, pool_->resolve({"1", ""}, std::chrono::steady_clock::now() + test::patience),
                   [&](std::exception_ptr, result<post> got) { outcome = std::move(got); });
    wait_for_note("job 1");
    test::run(context_, pool_->stop());
    test::run_until(context_, [&] { return outcome.has_value(); });
    EXPECT_EQ(outcome->error(), errc::shutting_down);
    pool_.reset();
}

} // namespace
} // namespace ttsave::extraction
