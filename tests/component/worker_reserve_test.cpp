// More processes than are always there, as long as jobs have to wait.

#include "worker_pool_fixture.hpp"

#include <set>

namespace ttsave::extraction {
namespace {

using namespace std::chrono_literals;

class WorkerReserve : public test::WorkerPoolTest {
protected:
    void start_with(const std::string& mode, std::size_t workers, std::size_t max_workers)
    {
        options_.workers = workers;
        options_.max_workers = max_workers;
        start(mode);
    }

    /// Jobs that have been submitted; they outlive what works at them.
    void submit_more(std::size_t count)
    {
        for (std::size_t number = 0; number < count; ++number)
            submit(outcomes_.emplace_back());
    }

    void expect_all_answered()
    {
        test::run_until(context_, [this] { return std::ranges::all_of(outcomes_, &pending::has_value); });
        for (const auto& one : outcomes_)
            EXPECT_TRUE(*one) << one->error().message();
    }

    std::deque<pending> outcomes_;
};

TEST_F(WorkerReserve, HelpsWhileJobsWait)
{
    start_with("gated_jobs", 1, 3);
    submit_more(5);
    wait_for_notes("waiting ", 3);
    EXPECT_EQ(pool_->status().ready, 3u);
    open_gate();
    expect_all_answered();
    EXPECT_EQ(noted_numbers("start ").size(), 3u);
}

TEST_F(WorkerReserve, RestsWhileNoJobWaits)
{
    start_with("gated_jobs", 2, 4);
    test::run_until(context_, [this] { return pool_->status().ready == 2; });
    submit_more(2);
    wait_for_notes("waiting ", 2);
    open_gate();
    expect_all_answered();
    resolve_all(20);
    EXPECT_EQ(noted_numbers("start ").size(), 2u);
}

TEST_F(WorkerReserve, LeavesAgainAndComesBack)
{
    options_.limits.reserve_time = 100ms;
    start_with("gated_jobs", 1, 2);
    test::run_until(context_, [this] { return pool_->status().ready == 1; }); // so that the reserve is the second
    submit_more(2);
    const auto first = wait_for_notes("waiting ", 2);
    open_gate();
    expect_all_answered();
    wait_until_gone(first.back());
    EXPECT_EQ(pool_->status().ready, 1u);
    EXPECT_TRUE(exists(first.front()));
    resolve_all(3);

    close_gate();
    submit_more(2);
    wait_for_notes("waiting ", 2 + 3 + 2);
    EXPECT_EQ(noted_numbers("start ").size(), 3u);
    open_gate();
    expect_all_answered();
}

TEST_F(WorkerReserve, ThatCannotBeHadIsDoneWithout)
{
    start_with("gated_alone", 1, 2);
    submit_more(3);
    wait_for_notes("start ", 2);
    open_gate();
    expect_all_answered();
    const auto by = takers();
    EXPECT_EQ(std::set<int>(by.begin(), by.end()).size(), 1u);
    EXPECT_EQ(pool_->status().problem, "");
}

TEST_F(WorkerReserve, ThatIsLostIsNotMissed)
{
    start_with("gated_jobs", 1, 2);
    submit_more(2);
    const auto both = wait_for_notes("waiting ", 2);
    ::kill(both.back(), SIGKILL);
    test::run_until(context_, [this] { return pool_->status().ready == 1; });
    open_gate();
    expect_all_answered();
}

} // namespace
} // namespace ttsave::extraction
