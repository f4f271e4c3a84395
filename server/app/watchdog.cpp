#include "app/watchdog.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace ttsave::app {

namespace asio = boost::asio;

watchdog::watchdog(std::vector<asio::any_io_executor> threads, std::chrono::microseconds limit, const notifier& told)
    : threads_(std::move(threads)), limit_(limit), told_(told)
{
}

asio::awaitable<void> watchdog::run() const
{
    if (limit_ == std::chrono::microseconds(0))
        co_return;
    using clock = std::chrono::steady_clock;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        const auto begin = clock::now();
        for (std::size_t index = 0; index < threads_.size(); ++index) {
            const auto asked = clock::now();
            co_await asio::post(threads_[index], asio::use_awaitable); // there and back
            if (const auto took = clock::now() - asked; took > limit_ / 4)
                spdlog::warn("thread {} of {} was busy for {} ms with one thing", index + 1, threads_.size(),
                             std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
        }
        told_.beat();
        timer.expires_at(begin + limit_ / 2);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

} // namespace ttsave::app
