#include "core/async_condition.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace ttsave {

namespace asio = boost::asio;

asio::awaitable<bool> async_condition::wait(std::unique_lock<std::mutex>& lock, clock::time_point deadline)
{
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor, deadline);
    {
        const std::lock_guard guard(mutex_);
        std::erase_if(waiters_, [](const auto& waiter) { return waiter.expired(); });
        waiters_.push_back(timer);
    }
    lock.unlock();
    boost::system::error_code ec;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ec));
    const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
    lock.lock();
    if (cancelled != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    co_return ec == asio::error::operation_aborted;
}

void async_condition::notify_all()
{
    std::vector<std::weak_ptr<asio::steady_timer>> waiters;
    {
        const std::lock_guard guard(mutex_);
        waiters.swap(waiters_);
    }
    for (const auto& waiter : waiters)
        if (auto timer = waiter.lock()) {
            const auto executor = timer->get_executor();
            asio::post(executor, [timer = std::move(timer)] { timer->cancel(); });
        }
}

} // namespace ttsave
