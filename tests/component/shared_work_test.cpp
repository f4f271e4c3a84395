// Issue 4, "Sharing": one piece of work for all who ask; it ends with the last of them, and not before.

#include "delivery/shared_work.hpp"

#include "delivery/shared_outcome.hpp"
#include "running.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>

namespace ttsave::delivery {
namespace {

namespace asio = boost::asio;
using number = shared_outcome<int>;
using numbers = shared_work<std::string, number>;

class SharedWork : public testing::Test {
protected:
    ~SharedWork() override
    {
        under_way_.cancel();
        auto joined = [this]() -> asio::awaitable<void> { co_await under_way_.join(); };
        test::run(context_, joined());
    }

    /// Begins work that ends when `gate_` is opened, with `outcome`.
    numbers::share start(const std::string& key, result<int> outcome)
    {
        ++begun_;
        const auto work = std::make_shared<number>();
        auto body = number::run(work, wait_for_gate(outcome));
        return under_way_.start(context_.get_executor(), key, work, std::move(body), "test");
    }

    asio::awaitable<result<int>> wait_for_gate(result<int> outcome)
    {
        struct counter {
            int& counted;
            ~counter() { ++counted; }
        } const count{ended_};
        error_code ec;
        co_await gate_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
        co_return outcome;
    }

    void open_gate() { gate_.cancel(); }

    asio::io_context context_{1};
    asio::steady_timer gate_{context_, asio::steady_timer::time_point::max()};
    numbers under_way_;
    int begun_ = 0;
    int ended_ = 0;
};

TEST_F(SharedWork, IsFoundByTheNext)
{
    EXPECT_EQ(under_way_.find("a"), nullptr);
    const auto first = start("a", 5);
    const auto second = under_way_.find("a");
    EXPECT_EQ(first, second);
    EXPECT_EQ(under_way_.find("b"), nullptr);
    test::run_until(context_, [this] { return begun_ == 1; });
    asio::post(context_, [this] { open_gate(); });
    EXPECT_EQ(*test::run(context_, first->wait()), 5);
    EXPECT_EQ(*test::run(context_, second->wait()), 5);
    EXPECT_EQ(*test::run(context_, under_way_.find("a")->wait()), 5) << "as long as somebody has a share";
}

TEST_F(SharedWork, EndsWithTheLastShare)
{
    auto first = start("a", 5);
    auto second = under_way_.find("a");
    context_.poll();
    first.reset();
    context_.restart();
    context_.poll();
    EXPECT_EQ(ended_, 0);
    second.reset();
    test::run_until(context_, [this] { return ended_ == 1; });
    EXPECT_EQ(under_way_.find("a"), nullptr);
}

TEST_F(SharedWork, IsBegunAnewAfterAFailureThatSomebodyStillHolds)
{
    const auto failed = start("a", errc::tiktok_error);
    asio::post(context_, [this] { open_gate(); });
    EXPECT_EQ(test::run(context_, failed->wait()).error(), errc::tiktok_error);
    EXPECT_EQ(under_way_.find("a"), nullptr);
    const auto next = start("a", 6);
    EXPECT_EQ(under_way_.find("a"), next);
}

TEST_F(SharedWork, TellsThoseWhoWaitWhenItIsCancelled)
{
    const auto share = start("a", 5);
    context_.poll();
    under_way_.cancel();
    EXPECT_EQ(test::run(context_, share->wait()).error(), errc::shutting_down);
    EXPECT_EQ(start("b", 5), nullptr) << "nothing begins any more";
}

TEST_F(SharedWork, WaitsNoLongerThanItIsAskedTo)
{
    const auto share = start("a", 5);
    const auto soon = async_condition::clock::now() + std::chrono::milliseconds(20);
    EXPECT_EQ(test::run(context_, share->wait(soon)).error(), errc::tiktok_timeout);
    EXPECT_EQ(ended_, 0);
}

TEST_F(SharedWork, HoldsItsPlaceForAsLongAsItLives)
{
    auto place = std::make_shared<int>(1);
    const std::weak_ptr<int> seen = place;
    auto work = std::make_shared<number>(std::move(place));
    auto body = number::run(work, wait_for_gate(5));
    auto share = under_way_.start(context_.get_executor(), "a", std::move(work), std::move(body), "test");
    context_.poll();
    EXPECT_FALSE(seen.expired());
    share.reset();
    test::run_until(context_, [&seen] { return seen.expired(); });
}

TEST_F(SharedWork, DoesNotGrowWithWhatHasEnded)
{
    for (int count = 0; count < 1000; ++count) {
        start(std::to_string(count), 5);
        context_.restart();
        context_.poll();
    }
    test::run_until(context_, [this] { return ended_ == 1000; });
    EXPECT_EQ(under_way_.find("999"), nullptr);
    EXPECT_LE(under_way_.remembered(), 128u);
}

} // namespace
} // namespace ttsave::delivery
