#pragma once

// One io_context a thread: whatever is born on one of them stays there and needs no locks of its own.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace ttsave::app {

class thread_contexts {
public:
    /// `count` 0: one for each core.
    explicit thread_contexts(std::size_t count);

    /// The context that the calling thread runs itself.
    boost::asio::any_io_executor first() const;
    std::vector<boost::asio::any_io_executor> all() const;

    /// Runs all contexts, the first one on this thread, until `stop`. An exception that leaves a handler ends the
    /// process.
    void run();

    /// Lets `run` return. Thread-safe.
    void stop();

private:
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
    std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guards_;
};

} // namespace ttsave::app
