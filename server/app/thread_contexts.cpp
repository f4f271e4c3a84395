#include "app/thread_contexts.hpp"

#include <pthread.h>

#include <algorithm>
#include <string>
#include <thread>

namespace ttsave::app {

namespace asio = boost::asio;

thread_contexts::thread_contexts(std::size_t count)
{
    if (count == 0)
        count = std::max(1u, std::thread::hardware_concurrency());
    for (; count > 0; --count) {
        contexts_.push_back(std::make_unique<asio::io_context>(1));
        guards_.push_back(asio::make_work_guard(*contexts_.back()));
    }
}

asio::any_io_executor thread_contexts::first() const
{
    return contexts_.front()->get_executor();
}

std::vector<asio::any_io_executor> thread_contexts::all() const
{
    std::vector<asio::any_io_executor> executors;
    for (const auto& context : contexts_)
        executors.emplace_back(context->get_executor());
    return executors;
}

void thread_contexts::run()
{
    std::vector<std::thread> others;
    for (std::size_t index = 1; index < contexts_.size(); ++index) {
        others.emplace_back([&context = *contexts_[index], index] {
            // As top and a core dump show it. Only a thread itself can do that without writing to /proc.
            ::pthread_setname_np(::pthread_self(), ("ttsave-io-" + std::to_string(index + 1)).c_str());
            context.run();
        });
    }
    contexts_.front()->run();
    for (auto& thread : others)
        thread.join();
}

void thread_contexts::stop()
{
    // Everything has ended by then: without its guard a context runs dry by itself.
    guards_.clear();
}

} // namespace ttsave::app
