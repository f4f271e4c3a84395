#pragma once

// Runs coroutines in a test and fails it when they take too long.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace ttsave::test {

/// Far beyond what anything takes, sanitizers and a busy machine included.
inline constexpr std::chrono::seconds patience{30};

/// Runs `context` until `body` has ended, and gives its value; what else runs there goes on meanwhile.
template <typename Value>
Value run(boost::asio::io_context& context, boost::asio::awaitable<Value> body)
{
    std::optional<Value> value;
    std::exception_ptr failure;
    bool ended = false;
    boost::asio::co_spawn(context, std::move(body), [&](std::exception_ptr thrown, Value result) {
        failure = thrown;
        value = std::move(result);
        ended = true;
        context.stop();
    });
    context.restart();
    context.run_for(patience);
    if (failure)
        std::rethrow_exception(failure);
    if (!ended)
        throw std::runtime_error("the coroutine did not end");
    return std::move(*value);
}

inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> body)
{
    auto with_value = [](boost::asio::awaitable<void> inner) -> boost::asio::awaitable<int> {
        co_await std::move(inner);
        co_return 0;
    };
    run(context, with_value(std::move(body)));
}

/// Runs `context` until `holds`, which other threads or processes bring about.
inline void run_until(boost::asio::io_context& context, const std::function<bool()>& holds)
{
    constexpr std::chrono::milliseconds between_looks(5);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("what was waited for did not happen");
        context.restart();
        context.run_one_for(between_looks);
    }
}

/// An io_context with a thread of its own, for tests that need several.
class running_context {
public:
    running_context() : guard_(context_.get_executor()), thread_([this] { context_.run(); }) {}
    ~running_context()
    {
        guard_.reset();
        context_.stop();
        thread_.join();
    }

    boost::asio::io_context& get() { return context_; }

private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::thread thread_;
};

} // namespace ttsave::test
