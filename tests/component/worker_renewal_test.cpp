// worker_pool::renew: every process is replaced by a fresh one, and nobody who waits for a post notices.

#include "captured_log.hpp"
#include "worker_pool_fixture.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ttsave::extraction {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class WorkerRenewal : public test::WorkerPoolTest {
protected:
    /// The first `workers` processes count as one life of the fake worker's.
    void start_ready(const std::string& mode, std::size_t workers)
    {
        options_.processes.command.environment.push_back("FIRST_LIVES=" + std::to_string(workers));
        start(mode, workers, 100);
        test::run_until(context_, [&] { return pool_->status().ready == workers; });
    }

    void renew() { pool_->renew(options_); }

    void wait_until_renewed()
    {
        test::run_until(context_, [this] { return !pool_->status().is_renewing; });
    }

    std::size_t renewed() const { return pool_->status().restarts_of(restart_reason::renewed); }

    std::set<int> first_processes() const
    {
        const auto started = noted_numbers("start ");
        return {started.begin(), started.begin() + static_cast<std::ptrdiff_t>(options_.workers)};
    }
};

TEST_F(WorkerRenewal, ReplacesEveryProcess)
{
    start_ready("good", 3);
    renew();
    test::run_until(context_, [this] { return renewed() == 3; });
    wait_until_renewed();
    for (const int pid : first_processes())
        wait_until_gone(pid);
    resolve_at_once(20);
    EXPECT_EQ(noted_numbers("start ").size(), 6u);
    EXPECT_EQ(pool_->status().ready, 3u);
}

TEST_F(WorkerRenewal, LetsAProcessWorkUntilTheNextOneIsReady)
{
    start_ready("gated_successors", 1);
    renew();
    wait_for_notes("waiting ", 1);
    EXPECT_TRUE(pool_->status().is_renewing);
    EXPECT_EQ(pool_->status().starting, 1u);
    resolve_all(10);
    EXPECT_EQ(takers(), std::vector<int>(10, *first_processes().begin()));
    open_gate();
    wait_until_gone(*first_processes().begin());
    resolve_all(1);
    EXPECT_EQ(takers().back(), noted_numbers("start ").back());
}

TEST_F(WorkerRenewal, GoesFromOneToTheNext)
{
    start_ready("gated_successors", 3);
    renew();
    wait_for_notes("waiting ", 1);
    resolve_at_once(20); // by three processes: none has been taken away
    EXPECT_EQ(pool_->status().ready, 3u);
    EXPECT_EQ(noted_numbers("start ").size(), 4u);
    open_gate();
    wait_until_renewed();
    EXPECT_EQ(noted_numbers("start ").size(), 6u);
}

TEST_F(WorkerRenewal, LetsAJobEndFirst)
{
    start_ready("gated_jobs", 1);
    pending one;
    submit(one);
    wait_for_notes("waiting ", 1);
    EXPECT_EQ(pool_->status().busy, 1u);
    renew();
    wait_for_notes("start ", 2);
    test::run_until(context_, [this] { return pool_->status().starting == 0; });
    EXPECT_FALSE(one);
    open_gate();
    test::run_until(context_, [&] { return one.has_value(); });
    EXPECT_TRUE(*one);
    EXPECT_EQ(takers(), std::vector<int>(1, *first_processes().begin()));
    wait_until_gone(*first_processes().begin());
}

TEST_F(WorkerRenewal, FailsNoJobUnderLoad)
{
    start_ready("good", 2);
    for (std::size_t round = 1; round <= 3; ++round) {
        renew();
        while (renewed() < 2 * round)
            resolve_at_once(20);
        wait_until_renewed();
    }
}

TEST_F(WorkerRenewal, ReplacesReservesToo)
{
    options_.max_workers = 2;
    test::WorkerPoolTest::start("gated_jobs");
    std::deque<pending> outcomes(3);
    for (auto& one : outcomes)
        submit(one);
    wait_for_notes("waiting ", 2);
    open_gate();
    test::run_until(context_, [&] { return std::ranges::all_of(outcomes, &pending::has_value); });
    renew();
    test::run_until(context_, [this] { return renewed() == 2; });
    EXPECT_EQ(noted_numbers("start ").size(), 4u);
    resolve_at_once(5);
}

TEST_F(WorkerRenewal, StartsNoReserveThatRests)
{
    options_.max_workers = 5;
    test::WorkerPoolTest::start("good");
    test::run_until(context_, [this] { return pool_->status().ready == 1; });
    renew();
    test::run_until(context_, [this] { return renewed() == 1; });
    wait_until_renewed();
    EXPECT_EQ(noted_numbers("start ").size(), 2u);
}

TEST_F(WorkerRenewal, WithoutAFreshProcessThoseOfBeforeGoOn)
{
    const test::captured_log log;
    start_ready("first_life_only", 2);
    renew();
    test::run_until(context_, [&] { return log.text().find("are not renewed") != std::string::npos; });
    EXPECT_THAT(log.text(), HasSubstr("the extractors are not renewed, those of before go on working: no yt_dlp; "));
    EXPECT_FALSE(pool_->status().is_renewing);
    EXPECT_EQ(pool_->status().no_starts, 1u) << "what cannot be had for one is not tried for the other";
    resolve_at_once(20);
    for (const int taker : takers())
        EXPECT_TRUE(first_processes().contains(taker));
    EXPECT_THAT(log.text(), Not(HasSubstr("next try"))) << "nobody has asked for another one";
    EXPECT_EQ(pool_->status().problem, "");

    options_.processes.command.arguments[1] = "good";
    renew();
    test::run_until(context_, [this] { return renewed() == 2; });
    resolve_all(1);
}

TEST_F(WorkerRenewal, AFreshProcessThatDiesBeforeItsTurnDoesNotGetOne)
{
    const test::captured_log log;
    start_ready("successor_dies_when_ready", 1);
    pending first;
    pending second;
    submit(first);
    submit(second); // waits at the gate, so that the successor can have no turn yet
    wait_for_note("waiting");
    renew();
    wait_until_in_state('Z', wait_for_notes("dying ", 1).front());
    open_gate();
    test::run_until(context_, [&] { return first && second; });
    EXPECT_TRUE(*second);
    test::run_until(context_, [&] { return log.text().find("are not renewed") != std::string::npos; });
    resolve_all(1);
    EXPECT_EQ(takers(), std::vector<int>(3, *first_processes().begin()));
}

TEST_F(WorkerRenewal, AskedForDuringAnotherFollowsIt)
{
    const test::captured_log log;
    start_ready("gated_successors", 2);
    renew();
    wait_for_notes("waiting ", 1);
    renew();
    resolve_at_once(5);
    EXPECT_EQ(noted_numbers("start ").size(), 3u) << "two at once";
    open_gate();
    test::run_until(context_, [this] { return renewed() >= 3 && !pool_->status().is_renewing; });
    // The one that was being started when the second renewal was asked for is not as fresh as that wants it.
    EXPECT_EQ(noted_numbers("start ").size(), 5u);
    EXPECT_THAT(log.text(), ContainsRegex("are renewed(.|\n)*are being renewed(.|\n)*are renewed"));
}

TEST_F(WorkerRenewal, SurvivesTheLossOfAProcess)
{
    start_ready("gated_successors", 1);
    renew();
    wait_for_notes("waiting ", 1);
    ::kill(*first_processes().begin(), SIGKILL);
    test::run_until(context_, [this] { return pool_->status().ready == 0; });
    pending one;
    submit(one);
    open_gate();
    test::run_until(context_, [&] { return one.has_value(); });
    EXPECT_TRUE(*one);
    wait_until_renewed();
    EXPECT_EQ(noted_numbers("start ").size(), 2u);
    EXPECT_EQ(pool_->status().restarts_of(restart_reason::crashed), 1u);
}

TEST_F(WorkerRenewal, TriesAtOnceWhatCouldNotBeStarted)
{
    const test::captured_log log;
    const auto tries_begun_anew = [&log] {
        const std::string text = log.text();
        const auto first = text.find("next try in 1 s");
        return text.find("next try in 1 s", first + 1) != std::string::npos;
    };
    start("unusable");
    test::run_until(context_, [&] { return log.text().find("next try in 2 s") != std::string::npos; });
    renew();
    test::run_until(context_, tries_begun_anew);
    test::run_until(context_, [&] { return log.text().find("are not renewed") != std::string::npos; });
    options_.processes.command.arguments[1] = "good";
    renew();
    test::run_until(context_, [this] { return pool_->status().ready == 1; });
    resolve_all(1);
}

TEST_F(WorkerRenewal, TakesNewOptions)
{
    start_ready("good", 1);
    options_.limits.max_jobs = 1;
    options_.queue_limit = 2;
    options_.processes.command.arguments[1] = "fails";
    renew();
    std::deque<pending> outcomes(4);
    for (auto& one : outcomes)
        submit(one);
    test::run_until(context_, [&] { return std::ranges::all_of(outcomes, &pending::has_value); });
    EXPECT_EQ(outcomes.back()->error(), errc::overloaded);
    test::run_until(context_, [this] { return renewed() == 1; });
    EXPECT_EQ(resolve().error(), errc::post_private);
    test::run_until(context_, [this] { return pool_->status().restarts_of(restart_reason::worn) >= 1; });
}

TEST_F(WorkerRenewal, EndsWithThePool)
{
    start_ready("gated_successors", 2);
    renew();
    wait_for_notes("waiting ", 1);
    test::run(context_, pool_->stop());
}

} // namespace
} // namespace ttsave::extraction
