// Processes that stop, die at the wrong moment or do not get ready, and the jobs that they must not take with them.

#include "worker_pool_fixture.hpp"

#include <gmock/gmock.h>

#include <sys/ioctl.h>

#include <chrono>
#include <set>

namespace ttsave::extraction {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class WorkerSupervision : public test::WorkerPoolTest {
protected:
    WorkerSupervision() { options_.queue_limit = 100; }

    /// Lets the pool go on until something lies in the process' standard input that it does not fetch.
    void wait_until_told(int pid)
    {
        const int input = ::open(("/proc/" + std::to_string(pid) + "/fd/0").c_str(), O_RDONLY | O_CLOEXEC);
        ASSERT_GE(input, 0);
        test::run_until(context_, [input] {
            int bytes = 0;
            return ::ioctl(input, FIONREAD, &bytes) == 0 && bytes > 0;
        });
        ::close(input);
    }
};

TEST_F(WorkerSupervision, AJobSurvivesTheProcessThatIsKilledOnIt)
{
    start("hangs_once");
    pending only;
    submit(only);
    wait_for_note("job 1");
    ::kill(wait_for_notes("at ", 1).front(), SIGKILL);
    test::run_until(context_, [&] { return only.has_value(); });
    EXPECT_TRUE(*only) << only->error().message();
}

TEST_F(WorkerSupervision, AProcessStoppedOnAJobEndsAtTheDeadline)
{
    start("hangs_once");
    pending only;
    submit(only, 1s);
    const int stopped = wait_for_notes("at ", 1).front();
    ::kill(stopped, SIGSTOP);
    test::run_until(context_, [&] { return only.has_value(); });
    EXPECT_EQ(only->error(), errc::tiktok_timeout);
    wait_until_gone(stopped); // SIGTERM does not reach it, SIGKILL does
    resolve_all(1);
}

TEST_F(WorkerSupervision, AJobThatAStoppedProcessNeverReadsGoesToAnother)
{
    start("good");
    resolve_all(1);
    const int stopped = takers().front();
    ::kill(stopped, SIGSTOP);
    wait_until_in_state('T', stopped);
    resolve_all(1);
    EXPECT_NE(takers().back(), stopped);
    wait_until_gone(stopped);
}

TEST_F(WorkerSupervision, AJobThatAProcessNoLongerHearsGoesToAnother)
{
    start("deaf_once");
    resolve_all(1);
    EXPECT_EQ(noted_numbers("start ").size(), 2u);
    EXPECT_EQ(pool_->status().restarts_of(restart_reason::crashed), 1u);
}

TEST_F(WorkerSupervision, AJobIsNotBlamedForProcessesThatNeverReadIt)
{
    start("stops_when_ready");
    pending only;
    submit(only);
    for (std::size_t life = 1; life <= 2; ++life) {
        const int pid = wait_for_notes("start ", life).back();
        wait_until_in_state('T', pid);
        wait_until_told(pid);
        ::kill(pid, SIGKILL);
    }
    test::run_until(context_, [&] { return only.has_value(); });
    EXPECT_TRUE(*only) << only->error().message();
}

TEST_F(WorkerSupervision, AJobIsNotBlamedForWhatEarlierJobsDidToProcesses)
{
    // Each of the first two processes gets one job, and dies on whatever is its second.
    options_.workers = 2;
    start("dies_of_an_earlier_job");
    pending first;
    pending second;
    submit(first);
    submit(second);
    wait_for_notes("waiting ", 2);
    open_gate();
    test::run_until(context_, [&] { return first && second; });
    resolve_all(1);
    const auto pids = takers();
    ASSERT_EQ(pids.size(), 5u) << "the third job has not met both";
    EXPECT_EQ(std::set<int>(pids.begin(), pids.end()).size(), 3u);
}

TEST_F(WorkerSupervision, WhatAJobLeavesInThePipeMeetsNoOtherJob)
{
    start("leaves_something");
    resolve_at_once(8);
    // Each job has been given to one process only.
    EXPECT_EQ(takers().size(), 8u);
}

TEST_F(WorkerSupervision, ProcessesThatDieAtOnceAreStartedWithGrowingPauses)
{
    start("dies_at_start");
    wait_for_notes("start ", 1);
    const auto begun = std::chrono::steady_clock::now();
    wait_for_notes("start ", 3);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 2900ms); // 1 s, then 2 s
    EXPECT_EQ(resolve().error(), errc::extractor_failed);
    EXPECT_EQ(pool_->status().problem, "ended before it was ready: this Python is too old");
}

TEST_F(WorkerSupervision, ProcessesThatDieWhenReadyAreStartedWithGrowingPausesEvenIfAJobWaits)
{
    start("ready_then_dies");
    pending only;
    submit(only);
    wait_for_notes("start ", 1);
    const auto begun = std::chrono::steady_clock::now();
    wait_for_notes("start ", 3);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 2900ms);
    test::run_until(context_, [&] { return only.has_value(); });
    EXPECT_EQ(only->error(), errc::extractor_failed);
    EXPECT_THAT(pool_->status().problem, HasSubstr("ends before it has taken up a job"));
}

TEST_F(WorkerSupervision, TellsWhyNothingWorksUntilItDoes)
{
    const std::filesystem::path repaired = notes_.string() + ".repaired";
    start("unusable_until_repaired", 2);
    EXPECT_EQ(pool_->status().problem, "") << "nothing is known yet";
    test::run_until(context_, [this] { return !pool_->status().problem.empty(); });
    EXPECT_EQ(pool_->status().problem, "no yt_dlp");
    EXPECT_EQ(resolve().error(), errc::extractor_failed);

    std::ofstream(repaired).flush();
    test::run_until(context_, [this] { return pool_->status().ready == 2; });
    std::filesystem::remove(repaired);
    EXPECT_EQ(pool_->status().problem, "");
    resolve_all(3);
}

TEST_F(WorkerSupervision, TellsThatAProcessCannotBeStarted)
{
    options_.processes.command.executable = "/no/such/python";
    start("good");
    test::run_until(context_, [this] { return !pool_->status().problem.empty(); });
    EXPECT_EQ(pool_->status().problem, "cannot be started: /no/such/python: No such file or directory");
}

} // namespace
} // namespace ttsave::extraction
