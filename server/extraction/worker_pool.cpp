#include "extraction/worker_pool.hpp"

#include <string>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

worker_pool::worker_pool(const asio::any_io_executor& executor, egress::gate& gate, worker_pool_options options)
    : queue_(options.queue_limit, std::move(options.seen)), roll_(options.workers, reserves_of(options), queue_),
      nursery_(executor, gate, std::move(options.processes)),
      standing_(make_slots(executor, worker_duty::standing, 0, options.workers, options.limits)),
      reserve_(executor, queue_,
               make_slots(executor, worker_duty::reserve, options.workers, reserves_of(options), options.limits)),
      renewal_(executor, roll_)
{
    for (const auto& slot : standing_)
        slot->start(tasks_);
    reserve_.start(tasks_);
    renewal_.start(tasks_, all_slots());
}

std::vector<worker_slot*> worker_pool::all_slots() const
{
    std::vector<worker_slot*> all;
    for (const auto* const group : {&standing_, &reserve_.slots()})
        for (const auto& slot : *group)
            all.push_back(slot.get());
    return all;
}

std::size_t worker_pool::reserves_of(const worker_pool_options& options)
{
    return options.max_workers > options.workers ? options.max_workers - options.workers : 0;
}

worker_pool::slots worker_pool::make_slots(const asio::any_io_executor& executor, worker_duty duty, std::size_t first,
                                           std::size_t count, worker_limits limits)
{
    slots made;
    for (std::size_t number = first; number < first + count; ++number)
        made.push_back(std::make_unique<worker_slot>(executor, number, duty, nursery_, queue_, roll_, limits));
    return made;
}

asio::awaitable<result<post>> worker_pool::resolve(resolve_request wanted, clock::time_point deadline)
{
    const std::string post_id = wanted.post.id;
    auto found = co_await queue_.submit(std::move(wanted), deadline);
    blocks_.note(post_id, found ? error_code() : found.error());
    co_return found;
}

void worker_pool::renew(worker_pool_options changed)
{
    queue_.set_limit(changed.queue_limit);
    for (auto* const slot : all_slots())
        slot->limit(changed.limits);
    nursery_.renew(std::move(changed.processes));
    renewal_.ask();
}

asio::awaitable<void> worker_pool::stop()
{
    roll_.close(errc::shutting_down);
    tasks_.cancel();
    co_await tasks_.join();
    standing_.clear();
    reserve_.clear();
    co_await nursery_.join();
}

} // namespace ttsave::extraction
