#include "delivery/board.hpp"

#include <utility>

namespace ttsave::delivery {

namespace asio = boost::asio;

board::board(const delivery_services& services, delivery_options options, std::size_t max_deliveries)
    : services_(services), options_(std::move(options)), max_deliveries_(max_deliveries)
{
}

result<board::share> board::join(const asio::any_io_executor& executor, const extraction::post_link& link,
                                 content_mode mode)
{
    {
        const std::lock_guard lock(mutex_);
        if (stopping_)
            return errc::shutting_down;
        if (held_ == max_deliveries_)
            return errc::overloaded;
        ++held_;
    }
    const std::shared_ptr<delivery> work(new delivery(services_, options_, link, mode), [this](const delivery* ended) {
        delete ended;
        leave();
    });
    auto keep_running = [](std::shared_ptr<delivery> running) -> asio::awaitable<void> { co_await running->run(); };
    const auto task = tasks_.spawn(executor, keep_running(work), "delivery");
    if (!task)
        return errc::shutting_down;
    return share(work.get(), [work, task](const delivery*) { task_group::task::cancel(task); });
}

void board::leave()
{
    const std::lock_guard lock(mutex_);
    --held_;
}

asio::awaitable<void> board::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    tasks_.cancel();
    co_await tasks_.join();
}

} // namespace ttsave::delivery
