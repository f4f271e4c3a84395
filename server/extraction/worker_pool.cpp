#include "extraction/worker_pool.hpp"

#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

worker_pool::worker_pool(const asio::any_io_executor& executor, egress_gate& gate, worker_pool_options options)
    : queue_(options.queue_limit), roll_(options.workers, queue_),
      nursery_(executor, gate, std::move(options.processes))
{
    for (std::size_t number = 0; number < options.workers; ++number) {
        slots_.push_back(std::make_unique<worker_slot>(executor, number, nursery_, queue_, roll_, options.limits));
        slots_.back()->start(tasks_);
    }
}

asio::awaitable<result<post>> worker_pool::resolve(post_ref wanted, clock::time_point deadline)
{
    return queue_.submit(std::move(wanted), deadline);
}

asio::awaitable<void> worker_pool::stop()
{
    roll_.close(errc::shutting_down);
    tasks_.cancel();
    co_await tasks_.join();
    slots_.clear();
    co_await nursery_.join();
}

} // namespace ttsave::extraction
