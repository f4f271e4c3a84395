#include "core/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

namespace ttsave {

namespace asio = boost::asio;

namespace {

void log_failure(const std::exception_ptr& failure, std::string_view name)
{
    if (!failure)
        return;
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted)
            spdlog::error("{}: {}", name, error.what());
    } catch (const std::exception& error) {
        spdlog::error("{}: {}", name, error.what());
    }
}

} // namespace

void task_group::task::cancel(const std::shared_ptr<task>& self)
{
    asio::post(self->executor_, [self] { self->signal_.emit(asio::cancellation_type::terminal); });
}

std::shared_ptr<task_group::task> task_group::spawn(const asio::any_io_executor& executor, asio::awaitable<void> body,
                                                    std::string_view name)
{
    auto started = std::make_shared<task>(executor);
    {
        const std::lock_guard lock(mutex_);
        if (cancelled_)
            return nullptr;
        tasks_.push_back(started);
    }
    // The signal and its slot are not thread-safe: both are used on the task's own executor only.
    asio::post(executor,
               [this, started, name, body = std::move(body)]() mutable { run(started, std::move(body), name); });
    return started;
}

void task_group::run(const std::shared_ptr<task>& started, asio::awaitable<void> body, std::string_view name)
{
    auto at_end = [this, started, name](const std::exception_ptr& failure) {
        log_failure(failure, name);
        finished(started);
    };
    asio::co_spawn(started->executor_, std::move(body),
                   asio::bind_cancellation_slot(started->signal_.slot(), std::move(at_end)));
}

void task_group::finished(const std::shared_ptr<task>& ended)
{
    // Notified with the mutex held: a joiner may destroy this group as soon as it sees the empty list.
    const std::lock_guard lock(mutex_);
    tasks_.remove(ended);
    changed_.notify_all();
}

void task_group::cancel()
{
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    for (const auto& running : tasks_)
        task::cancel(running);
}

asio::awaitable<bool> task_group::join(async_condition::clock::time_point deadline)
{
    std::unique_lock lock(mutex_);
    while (!tasks_.empty())
        if (!co_await changed_.wait(lock, deadline))
            co_return tasks_.empty();
    co_return true;
}

std::size_t task_group::size() const
{
    const std::lock_guard lock(mutex_);
    return tasks_.size();
}

} // namespace ttsave
