// worker_pool::status: what metrics are made of.

#include "worker_pool_fixture.hpp"

namespace ttsave::extraction {
namespace {

class WorkerStatus : public test::WorkerPoolTest {
protected:
    pool_status status() const { return pool_->status(); }

    void wait_for_restart(restart_reason reason, std::uint64_t count = 1)
    {
        test::run_until(context_, [=, this] { return status().restarts_of(reason) >= count; });
        for (const auto other : restart_reasons)
            EXPECT_EQ(status().restarts_of(other), other == reason ? count : 0) << name_of(other);
    }
};

TEST_F(WorkerStatus, CountsProcessesByWhatTheyDo)
{
    start("gated_jobs", 2);
    EXPECT_EQ(status().yt_dlp, "");
    test::run_until(context_, [this] { return status().idle == 2; });
    EXPECT_EQ(status().yt_dlp, "fake");
    std::deque<pending> outcomes(3);
    submit(outcomes[0]);
    wait_for_notes("waiting ", 1);
    EXPECT_EQ(status().busy, 1u);
    EXPECT_EQ(status().idle, 1u);
    EXPECT_EQ(status().ready, 2u);
    EXPECT_EQ(status().waiting, 0u);
    submit(outcomes[1]);
    submit(outcomes[2]);
    wait_for_notes("waiting ", 2);
    EXPECT_EQ(status().busy, 2u);
    EXPECT_EQ(status().waiting, 1u);
    open_gate();
    test::run_until(context_, [&] { return std::ranges::all_of(outcomes, &pending::has_value); });
    EXPECT_EQ(status().idle, 2u);
    EXPECT_EQ(status().waiting, 0u);
}

TEST_F(WorkerStatus, CountsThoseThatAreStarting)
{
    options_.processes.command.environment.push_back("FIRST_LIVES=0");
    start("gated_successors", 2);
    wait_for_notes("waiting ", 2);
    EXPECT_EQ(status().starting, 2u);
    EXPECT_EQ(status().ready, 0u);
    open_gate();
    test::run_until(context_, [this] { return status().ready == 2; });
    EXPECT_EQ(status().starting, 0u);
}

TEST_F(WorkerStatus, CountsThoseThatCrash)
{
    start("dies_once");
    EXPECT_TRUE(resolve());
    wait_for_restart(restart_reason::crashed);
}

TEST_F(WorkerStatus, CountsThoseThatBabble)
{
    start("babbles_once");
    EXPECT_TRUE(resolve());
    wait_for_restart(restart_reason::crashed);
}

TEST_F(WorkerStatus, CountsThoseThatTakeTooLong)
{
    start("hangs_once");
    test::run_until(context_, [this] { return status().ready == 1; });
    EXPECT_EQ(resolve(std::chrono::milliseconds(300)).error(), errc::tiktok_timeout);
    pending one;
    submit(one);
    test::run_until(context_, [&] { return one.has_value(); });
    EXPECT_TRUE(*one);
    wait_for_restart(restart_reason::timeout);
}

TEST_F(WorkerStatus, CountsThoseThatAreWorn)
{
    options_.limits.max_jobs = 2;
    start("good");
    resolve_all(2);
    wait_for_restart(restart_reason::worn);
}

TEST_F(WorkerStatus, CountsThoseWhoseFilesAreReplaced)
{
    const std::string file = notes_.string() + ".cookies";
    options_.processes.boxed_files = {file};
    std::ofstream(file) << "first";
    start("good");
    resolve_all(1);
    std::ofstream(file + ".new") << "second one";
    std::filesystem::rename(file + ".new", file);
    resolve_all(1);
    wait_for_restart(restart_reason::outdated);
    std::filesystem::remove(file);
}

TEST_F(WorkerStatus, CountsStartsThatComeToNothing)
{
    start("unusable");
    test::run_until(context_, [this] { return status().no_starts == 2; });
    EXPECT_EQ(status().starting, 0u);
    EXPECT_EQ(status().yt_dlp, "");
}

} // namespace
} // namespace ttsave::extraction
