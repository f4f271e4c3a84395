#include "core/concurrently.hpp"

#include "core/deadline.hpp"
#include "running.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace ttsave {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;

class Concurrently : public testing::Test {
protected:
    /// Ends when `let_go` is called, or throws when it is cancelled; counts itself meanwhile.
    asio::awaitable<result<void>> wait(std::size_t index)
    {
        struct counter {
            std::size_t& number;
            explicit counter(std::size_t& counted) : number(counted) { ++number; }
            ~counter() { --number; }
        } const count_me(running_);
        begun_.push_back(index);
        most_ = std::max(most_, running_);
        co_await gate_.async_wait(asio::as_tuple(asio::use_awaitable));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
        co_return result<void>();
    }

    asio::io_context context_{1};
    asio::steady_timer gate_{context_, asio::steady_timer::time_point::max()};
    std::vector<std::size_t> begun_;
    std::size_t running_ = 0;
    std::size_t most_ = 0;
};

TEST_F(Concurrently, BeginsStepsInOrderAndNoMoreThanAllowedAtATime)
{
    auto step = [this](std::size_t index) -> asio::awaitable<result<void>> {
        asio::post(context_, [this] { gate_.cancel(); });
        co_return co_await wait(index);
    };
    EXPECT_TRUE(test::run(context_, concurrently(5, 2, step)));
    EXPECT_THAT(begun_, ElementsAre(0, 1, 2, 3, 4));
    EXPECT_EQ(most_, 2u);
}

TEST_F(Concurrently, BeginsAllAtOnceWhenThatIsAllowed)
{
    auto step = [this](std::size_t index) -> asio::awaitable<result<void>> {
        if (index == 2)
            asio::post(context_, [this] { gate_.cancel(); }); // what the first two wait for
        co_return co_await wait(index);
    };
    EXPECT_TRUE(test::run(context_, concurrently(3, 8, step)));
    EXPECT_EQ(most_, 3u);
}

TEST_F(Concurrently, CancelsTheOthersAfterTheFirstFailure)
{
    auto step = [this](std::size_t index) -> asio::awaitable<result<void>> {
        if (index == 1)
            co_return errc::media_unavailable;
        co_return co_await wait(index);
    };
    EXPECT_EQ(test::run(context_, concurrently(9, 3, step)).error(), errc::media_unavailable);
    EXPECT_EQ(running_, 0u);
    EXPECT_THAT(begun_, ElementsAre(0)) << "the third runner has seen the failure";
}

TEST_F(Concurrently, ThrowsWhatAStepThrows)
{
    auto step = [this](std::size_t index) -> asio::awaitable<result<void>> {
        if (index == 1)
            throw std::runtime_error("on purpose");
        co_return co_await wait(index);
    };
    EXPECT_THROW(test::run(context_, concurrently(2, 2, step)), std::runtime_error);
    EXPECT_EQ(running_, 0u);
}

TEST_F(Concurrently, EndsItsStepsWhenItIsCancelled)
{
    auto step = [this](std::size_t index) { return wait(index); };
    auto all = [&]() -> asio::awaitable<bool> {
        auto steps = concurrently(4, 2, step);
        auto settled = before(std::chrono::steady_clock::now() + std::chrono::milliseconds(20), std::move(steps));
        co_return (co_await std::move(settled)).has_value();
    };
    EXPECT_FALSE(test::run(context_, all()));
    EXPECT_EQ(running_, 0u);
    EXPECT_THAT(begun_, ElementsAre(0, 1));
}

TEST_F(Concurrently, HasNothingToDoForNone)
{
    auto step = [this](std::size_t index) { return wait(index); };
    EXPECT_TRUE(test::run(context_, concurrently(0, 8, step)));
    EXPECT_THAT(begun_, ElementsAre());
}

} // namespace
} // namespace ttsave
