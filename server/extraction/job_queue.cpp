#include "extraction/job_queue.hpp"

#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

/// As many processes may die on a job; one less if the job is certain to be why.
constexpr int most_tries = 3;

} // namespace

job_queue::job::job(std::uint64_t number, resolve_request asked, clock::time_point end)
    : id(number), wanted(std::move(asked.post)), way(std::move(asked.way)), request(std::move(asked.request)),
      deadline(end)
{
}

asio::awaitable<result<post>> job_queue::submit(resolve_request wanted, clock::time_point deadline)
{
    std::unique_lock lock(mutex_);
    if (refusal_)
        co_return *refusal_;
    if (waiting_.size() >= limit_)
        co_return errc::overloaded;
    const auto own = std::make_shared<job>(++last_id_, std::move(wanted), deadline);
    waiting_.push_back(own);
    queued_.notify_all();

    // However this coroutine ends, nobody works for it any longer. The mutex is held whenever it does.
    struct dropper {
        job_queue& queue;
        const std::shared_ptr<job>& unwanted;
        ~dropper() { queue.drop(unwanted); }
    } const drop_at_end{*this, own};
    while (!own->outcome_)
        if (!co_await own->changed_.wait(lock, deadline) && !own->outcome_)
            co_return own->tries_ == 0 ? errc::overloaded : errc::tiktok_timeout;
    co_return std::move(*own->outcome_);
}

void job_queue::drop(const std::shared_ptr<job>& unwanted)
{
    std::erase(waiting_, unwanted);
    unwanted->abandoned_ = true;
    unwanted->changed_.notify_all();
}

asio::awaitable<void> job_queue::available()
{
    std::unique_lock lock(mutex_);
    while (waiting_.empty())
        co_await queued_.wait(lock);
}

asio::awaitable<void> job_queue::lagging(clock::duration patience)
{
    std::unique_lock lock(mutex_);
    for (;;) {
        const bool is_empty = waiting_.empty();
        const auto due = is_empty ? clock::time_point::max() : waiting_.front()->submitted + patience;
        if (due <= clock::now())
            co_return;
        co_await queued_.wait(lock, due);
    }
}

std::shared_ptr<job_queue::job> job_queue::take()
{
    const std::lock_guard lock(mutex_);
    if (waiting_.empty())
        return nullptr;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    next->taken_at_ = clock::now();
    if (++next->tries_ == 1 && seen_.taken)
        seen_.taken(next->taken_at_ - next->submitted);
    return next;
}

asio::awaitable<void> job_queue::abandoned(std::shared_ptr<job> taken)
{
    std::unique_lock lock(mutex_);
    while (!taken->abandoned_)
        co_await taken->changed_.wait(lock);
}

void job_queue::complete(job& taken, result<post> outcome)
{
    const std::lock_guard lock(mutex_);
    if (seen_.answered)
        seen_.answered(clock::now() - taken.taken_at_, outcome);
    finish(taken, std::move(outcome));
}

void job_queue::return_untouched(const std::shared_ptr<job>& taken)
{
    const std::lock_guard lock(mutex_);
    --taken->tries_;
    requeue(taken);
}

void job_queue::return_interrupted(const std::shared_ptr<job>& taken, bool process_was_fresh)
{
    const std::lock_guard lock(mutex_);
    taken->killed_fresh_ = taken->killed_fresh_ || process_was_fresh;
    if (taken->tries_ < (taken->killed_fresh_ ? most_tries - 1 : most_tries))
        requeue(taken);
    else
        finish(*taken, refusal_.value_or(errc::extractor_failed));
}

std::size_t job_queue::waiting() const
{
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

void job_queue::set_limit(std::size_t limit)
{
    const std::lock_guard lock(mutex_);
    limit_ = limit;
}

void job_queue::refuse(errc reason)
{
    const std::lock_guard lock(mutex_);
    refusal_ = reason;
    for (const auto& failed : std::exchange(waiting_, {}))
        finish(*failed, reason);
}

void job_queue::accept()
{
    const std::lock_guard lock(mutex_);
    refusal_.reset();
}

void job_queue::finish(job& ended, result<post> outcome)
{
    ended.outcome_ = std::move(outcome);
    ended.changed_.notify_all();
}

void job_queue::requeue(const std::shared_ptr<job>& taken)
{
    if (refusal_)
        return finish(*taken, *refusal_);
    if (taken->abandoned_)
        return;
    waiting_.push_front(taken);
    queued_.notify_all();
}

} // namespace ttsave::extraction
