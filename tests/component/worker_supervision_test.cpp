// Processes that wear out, leak, stop, and die at the wrong moment: real ones, with real signals and real memory.

#include "worker_pool_fixture.hpp"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sys/ioctl.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <set>

namespace ttsave::extraction {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::uint64_t mib = 1024 * 1024;

class WorkerSupervision : public test::WorkerPoolTest {
protected:
    WorkerSupervision() { options_.queue_limit = 100; }

    void resolve_all(std::size_t count)
    {
        for (std::size_t done = 0; done < count; ++done) {
            const auto found = resolve();
            ASSERT_TRUE(found) << "job " << done << ": " << found.error().message();
        }
    }

    /// As many jobs at once; all must be answered.
    void resolve_at_once(std::size_t count)
    {
        std::deque<pending> outcomes(count);
        for (auto& one : outcomes)
            submit(one);
        test::run_until(context_, [&] { return std::ranges::all_of(outcomes, &pending::has_value); });
        for (const auto& one : outcomes)
            EXPECT_TRUE(*one) << one->error().message();
    }

    /// Which processes have taken the jobs, in order.
    std::vector<int> takers() const { return noted_numbers("at "); }

    void wait_until_gone(int pid)
    {
        test::run_until(context_, [pid] { return !exists(pid); });
    }

    void wait_until_stopped(int pid)
    {
        test::run_until(context_, [pid] {
            std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
            std::string text;
            std::getline(file, text);
            return text.find(") T ") != std::string::npos;
        });
    }

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

TEST_F(WorkerSupervision, AWornProcessServesUntilItsSuccessorIsReady)
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

TEST_F(WorkerSupervision, AWornProcessIsReplacedWhileThereAreNoJobs)
{
    options_.limits.max_jobs = 1;
    start("good");
    resolve_all(1);
    wait_until_gone(takers().front());
    test::run_until(context_, [this] { return pool_->status().ready == 1; });
    EXPECT_EQ(noted_numbers("start ").size(), 2u);
}

TEST_F(WorkerSupervision, NoJobIsLostToReplacements)
{
    options_.limits.max_jobs = 1;
    options_.workers = 2;
    start("good");
    while (noted_numbers("start ").size() < 8)
        resolve_at_once(20);
}

TEST_F(WorkerSupervision, WithoutASuccessorTheWornProcessWorksOn)
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

TEST_F(WorkerSupervision, ASuccessorThatDiesBeforeItsTurnCostsNoJob)
{
    options_.limits.max_jobs = 1;
    start("successor_dies_when_ready");
    pending first;
    submit(first);
    test::run_until(context_, [&] { return first.has_value(); });
    wait_for_note("dying");
    resolve_all(5);
}

TEST_F(WorkerSupervision, AProcessThatLeaksFromJobToJobIsReplaced)
{
    options_.limits.max_resident_bytes = 64 * mib;
    start("leaks");
    while (noted_numbers("start ").size() < 3)
        resolve_all(1);
    // 24 MiB a job: the third is one too many, and a few more may be done while the successor starts.
    EXPECT_GE(std::ranges::count(takers(), takers().front()), 2);
}

TEST_F(WorkerSupervision, AProcessThatGrowsWithinAJobIsKilledAndItsJobTriedAgain)
{
    std::ostringstream log;
    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(log);
    spdlog::default_logger()->sinks().push_back(sink);
    options_.limits.max_resident_bytes = 64 * mib;
    options_.processes.stop_grace = test::patience; // it ignores SIGTERM: only a kill without grace ends it in time
    start("grows_once");
    resolve_all(1);
    wait_until_gone(takers().front());
    spdlog::default_logger()->sinks().pop_back();
    EXPECT_EQ(takers().size(), 2u);
    EXPECT_THAT(log.str(), testing::ContainsRegex("too large, rss=[0-9]+ limit=67108864"));
}

TEST_F(WorkerSupervision, ALimitThatNoProcessCanKeepReplacesNone)
{
    options_.limits.max_resident_bytes = 1 * mib;
    start("good");
    resolve_all(10);
    EXPECT_EQ(noted_numbers("start ").size(), 1u);
}

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
    wait_until_stopped(stopped);
    resolve_all(1);
    EXPECT_NE(takers().back(), stopped);
    wait_until_gone(stopped);
}

TEST_F(WorkerSupervision, AJobIsNotBlamedForProcessesThatNeverReadIt)
{
    start("stops_when_ready");
    pending only;
    submit(only);
    for (std::size_t life = 1; life <= 2; ++life) {
        const int pid = wait_for_notes("start ", life).back();
        wait_until_stopped(pid);
        wait_until_told(pid);
        ::kill(pid, SIGKILL);
    }
    test::run_until(context_, [&] { return only.has_value(); });
    EXPECT_TRUE(*only) << only->error().message();
}

TEST_F(WorkerSupervision, AJobIsNotBlamedForWhatEarlierJobsDidToProcesses)
{
    // Both processes get one job, and die on whatever is their second.
    start("dies_of_an_earlier_job", 2, 100);
    resolve_at_once(2);
    while (noted_numbers("start ").size() < 4)
        resolve_all(1);
    resolve_all(5);
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
