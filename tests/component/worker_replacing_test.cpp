// Processes that have done their share or take too much memory, and those that follow them.

#include "captured_log.hpp"
#include "worker_pool_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

namespace ttsave::extraction {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::uint64_t mib = 1024 * 1024;

class WorkerReplacing : public test::WorkerPoolTest {
protected:
    WorkerReplacing() { options_.queue_limit = 100; }
};

TEST_F(WorkerReplacing, AWornProcessServesUntilItsSuccessorIsReady)
{
    options_.limits.max_jobs = 3;
    start("gated_successors");
    resolve_all(3);
    const int second = wait_for_notes("waiting ", 1).back();
    const int first = takers().front();
    // Nobody but the worn process can have answered: the other still waits at the gate.
    resolve_all(20);
    EXPECT_EQ(takers(), std::vector<int>(23, first));
    EXPECT_EQ(noted_numbers("start ").size(), 2u);

    open_gate();
    while (takers().back() == first)
        resolve_all(1);
    EXPECT_EQ(takers().back(), second);
    wait_until_gone(first);
    resolve_all(3);
    wait_for_notes("start ", 3);
}

TEST_F(WorkerReplacing, AWornProcessIsReplacedWhileThereAreNoJobs)
{
    options_.limits.max_jobs = 1;
    start("good");
    resolve_all(1);
    wait_until_gone(takers().front());
    test::run_until(context_, [this] { return pool_->status().ready == 1; });
    EXPECT_EQ(noted_numbers("start ").size(), 2u);
}

TEST_F(WorkerReplacing, NoJobIsLostToReplacements)
{
    options_.limits.max_jobs = 1;
    options_.workers = 2;
    start("good");
    while (noted_numbers("start ").size() < 8)
        resolve_at_once(20);
}

TEST_F(WorkerReplacing, WithoutASuccessorTheWornProcessWorksOn)
{
    options_.limits.max_jobs = 2;
    start("first_life_only");
    resolve_all(2);
    const auto begun = std::chrono::steady_clock::now();
    wait_for_notes("start ", 3);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 900ms) << "no pause after a failure";
    resolve_all(5);
    const int first = takers().front();
    EXPECT_EQ(takers(), std::vector<int>(7, first));
    EXPECT_EQ(pool_->status().ready, 1u);
    EXPECT_EQ(pool_->status().problem, "");

    ::kill(first, SIGKILL);
    EXPECT_EQ(resolve().error(), errc::extractor_failed);
    EXPECT_EQ(pool_->status().ready, 0u);
    EXPECT_EQ(pool_->status().problem, "no yt_dlp");
}

TEST_F(WorkerReplacing, ASuccessorThatDiesBeforeItsTurnDoesNotGetOne)
{
    options_.limits.max_jobs = 1;
    start("successor_dies_when_ready");
    pending first;
    pending second;
    submit(first);
    submit(second); // waits at the gate, so that the successor can have no turn yet
    wait_for_note("waiting");
    wait_until_in_state('Z', wait_for_notes("dying ", 1).front());
    open_gate();
    test::run_until(context_, [&] { return first && second; });
    EXPECT_TRUE(*second);
    resolve_all(1);
    EXPECT_EQ(takers(), std::vector<int>(3, takers().front()));
}

TEST_F(WorkerReplacing, AProcessThatLeaksFromJobToJobIsReplaced)
{
    options_.limits.max_resident_bytes = 64 * mib;
    start("leaks");
    while (noted_numbers("start ").size() < 3)
        resolve_all(1);
    // 24 MiB a job: the third is one too many, and a few more may be done while the successor starts.
    EXPECT_GE(std::ranges::count(takers(), takers().front()), 2);
}

TEST_F(WorkerReplacing, AProcessThatGrowsWithinAJobIsKilledAndItsJobTriedAgain)
{
    const test::captured_log log;
    options_.limits.max_resident_bytes = 64 * mib;
    options_.processes.stop_grace = test::patience; // it ignores SIGTERM
    start("grows_once");
    const auto begun = std::chrono::steady_clock::now();
    resolve_all(1);
    wait_until_gone(takers().front());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, test::patience / 2) << "it has been given grace";
    EXPECT_EQ(takers().size(), 2u);
    EXPECT_THAT(log.text(), testing::ContainsRegex("too large, rss=[0-9]+ limit=67108864"));
}

TEST_F(WorkerReplacing, ALimitThatNoProcessCanKeepReplacesNone)
{
    const test::captured_log log;
    options_.limits = {20, 1 * mib};
    start("good");
    resolve_all(20);
    wait_for_notes("start ", 2);
    EXPECT_THAT(log.text(), HasSubstr("worker_max_rss_bytes=1048576 is too little"));
    EXPECT_THAT(log.text(), HasSubstr("is to be replaced"));
    EXPECT_THAT(log.text(), testing::Not(testing::ContainsRegex("is to be replaced: pid=[0-9]+ jobs=[0-9] ")));
}

} // namespace
} // namespace ttsave::extraction
