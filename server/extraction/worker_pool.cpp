#include "extraction/worker_pool.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds first_restart_pause{1};
constexpr std::chrono::seconds longest_restart_pause{60};

/// How long a process may take to drop a job once its connections are cut, before it is ended instead.
constexpr std::chrono::seconds abandon_grace{1};

/// A process that dies on a job gets it no second time; another one does, once.
constexpr int most_tries = 2;

} // namespace

// Guarded by the pool's mutex, but for what is constant.
struct worker_pool::job {
    job(std::uint64_t number, post_ref asked, clock::time_point end) : id(number), wanted(std::move(asked)), deadline(end)
    {
    }

    const std::uint64_t id;
    const post_ref wanted;
    const clock::time_point deadline;
    int tries = 0;
    bool abandoned = false;
    std::optional<result<extraction::post>> outcome;
    async_condition changed; // outcome or abandoned
};

// On the pool's executor only.
struct worker_pool::slot {
    std::size_t number;
    std::shared_ptr<egress_gate::pass> pass;
    std::shared_ptr<worker_process> process;
    bool unusable = false;
    bool has_worked = false; // the present process has been given a job
};

worker_pool::worker_pool(const asio::any_io_executor& executor, egress_gate& gate, worker_pool_options options)
    : executor_(executor), gate_(gate), options_(std::move(options))
{
    for (std::size_t number = 0; number < options_.workers; ++number)
        tasks_.spawn(executor_, run_slot(number), "extractor");
}

asio::awaitable<result<post>> worker_pool::resolve(post_ref wanted, clock::time_point deadline)
{
    std::unique_lock lock(mutex_);
    if (stopping_)
        co_return errc::shutting_down;
    if (unusable_ == options_.workers)
        co_return errc::extractor_failed;
    if (queue_.size() >= options_.queue_limit)
        co_return errc::overloaded;
    const auto own = std::make_shared<job>(++last_job_, std::move(wanted), deadline);
    queue_.push_back(own);
    queued_.notify_all();

    // However this coroutine ends, nobody works for it any longer. The mutex is held whenever it does.
    struct dropper {
        worker_pool& pool;
        const std::shared_ptr<job>& unwanted;
        ~dropper() { pool.drop(unwanted); }
    } const drop_at_end{*this, own};
    while (!own->outcome)
        if (!co_await own->changed.wait(lock, deadline) && !own->outcome)
            co_return own->tries == 0 ? errc::overloaded : errc::tiktok_timeout;
    co_return std::move(*own->outcome);
}

std::size_t worker_pool::ready() const
{
    const std::lock_guard lock(mutex_);
    return ready_;
}

asio::awaitable<void> worker_pool::stop()
{
    fail_waiting(errc::shutting_down);
    tasks_.cancel();
    co_await tasks_.join();
    co_await reapers_.join();
}

void worker_pool::drop(const std::shared_ptr<job>& unwanted)
{
    std::erase(queue_, unwanted);
    unwanted->abandoned = true;
    unwanted->changed.notify_all();
}

void worker_pool::complete(job& done, result<post> outcome)
{
    const std::lock_guard lock(mutex_);
    done.outcome = std::move(outcome);
    done.changed.notify_all();
}

void worker_pool::give_back(const std::shared_ptr<job>& interrupted)
{
    const std::lock_guard lock(mutex_);
    if (interrupted->abandoned)
        return;
    if (!stopping_ && interrupted->tries < most_tries && unusable_ < options_.workers) {
        queue_.push_front(interrupted);
        queued_.notify_all();
        return;
    }
    interrupted->outcome = stopping_ ? errc::shutting_down : errc::extractor_failed;
    interrupted->changed.notify_all();
}

void worker_pool::fail_waiting(errc reason)
{
    const std::lock_guard lock(mutex_);
    stopping_ = stopping_ || reason == errc::shutting_down;
    for (const auto& waiting : std::exchange(queue_, {})) {
        waiting->outcome = reason;
        waiting->changed.notify_all();
    }
}

void worker_pool::set_unusable(slot& own, bool unusable)
{
    if (own.unusable == unusable)
        return;
    own.unusable = unusable;
    bool all = false;
    {
        const std::lock_guard lock(mutex_);
        unusable_ = unusable ? unusable_ + 1 : unusable_ - 1;
        all = unusable_ == options_.workers;
    }
    if (all) {
        spdlog::error("no extractor can work: downloads fail with extractor.failed until one can");
        fail_waiting(errc::extractor_failed);
    }
}

asio::awaitable<void> worker_pool::run_slot(std::size_t number)
{
    slot own{number, gate_.admit(), nullptr, false, false};
    auto pause = first_restart_pause;
    asio::steady_timer timer(executor_);
    for (;;) {
        const auto begin = clock::now();
        const bool was_ready = co_await run_process(own);
        // One that dies on a job or after a long life is replaced at once; one that dies by itself is not insisted on.
        if (was_ready && (own.has_worked || clock::now() - begin > longest_restart_pause)) {
            pause = first_restart_pause;
            continue;
        }
        timer.expires_after(pause);
        co_await timer.async_wait(asio::use_awaitable);
        pause = std::min(2 * pause, longest_restart_pause);
    }
}

/// Returns whether the process got as far as being ready.
asio::awaitable<bool> worker_pool::run_process(slot& own)
{
    auto started = worker_process::start(executor_, options_.command);
    if (!started) {
        spdlog::error("extractor {} cannot be started: {}: {}", own.number, options_.command.executable,
                      started.error().message());
        set_unusable(own, true);
        co_return false;
    }
    own.process = std::move(*started);
    own.has_worked = false;
    reapers_.spawn(executor_, copy_log(own.process, own.number), "extractor log");

    // However this coroutine ends, the process does too, without keeping the slot from starting the next one.
    struct ender {
        worker_pool& pool;
        slot& own;
        ~ender()
        {
            own.pass->cut();
            pool.reapers_.spawn(pool.executor_, pool.reap(std::move(own.process), own.number), "extractor end");
        }
    } const end_process{*this, own};

    if (!co_await make_ready(own)) {
        set_unusable(own, true);
        co_return false;
    }
    set_unusable(own, false);
    struct counter {
        worker_pool& pool;
        explicit counter(worker_pool& counted) : pool(counted) { change(1); }
        ~counter() { change(-1); }
        void change(int by) const
        {
            const std::lock_guard lock(pool.mutex_);
            pool.ready_ += static_cast<std::size_t>(by);
        }
    } const count_as_ready(*this);
    co_await serve_jobs(own);
    co_return true;
}

asio::awaitable<bool> worker_pool::make_ready(slot& own)
{
    const auto deadline = clock::now() + options_.start_timeout;
    const std::string configuration = configure_line(gate_.proxy_url(*own.pass), options_.cookies_file);
    // A process that is gone already shows as well when it is read from.
    co_await own.process->write_line(configuration, deadline);
    const auto line = co_await own.process->read_line(deadline);
    if (!line) {
        spdlog::error("extractor {} did not become ready: {}", own.number, line.error().message());
        co_return false;
    }
    const auto event = parse_event(*line);
    if (const auto* const reason = event ? std::get_if<unusable_event>(&*event) : nullptr) {
        spdlog::error("extractor {} cannot work: {}", own.number, reason->message);
        co_return false;
    }
    const auto* const ready = event ? std::get_if<ready_event>(&*event) : nullptr;
    if (!ready) {
        spdlog::error("extractor {} speaks another protocol", own.number);
        co_return false;
    }
    spdlog::info("extractor ready number={} pid={} yt_dlp={} python={}", own.number, own.process->pid(), ready->yt_dlp,
                 ready->python);
    co_return true;
}

/// Returns when the process can take no more jobs.
asio::awaitable<void> worker_pool::serve_jobs(slot& own)
{
    using namespace asio::experimental::awaitable_operators;
    for (;;) {
        if (const auto current = take_job()) {
            if (!co_await run_job(own, current))
                co_return;
            continue;
        }
        // An idle process says nothing: whatever it does say, its end included, is a reason to replace it.
        auto work = job_available();
        auto word = own.process->read_line(clock::time_point::max());
        const auto first = co_await (std::move(work) || std::move(word));
        if (first.index() == 0)
            continue;
        const auto& said = std::get<1>(first);
        if (said || said.error() != asio::error::operation_aborted)
            spdlog::warn("extractor {} {} while idle", own.number, said ? "babbled" : "ended");
        co_return;
    }
}

asio::awaitable<void> worker_pool::job_available()
{
    std::unique_lock lock(mutex_);
    while (queue_.empty())
        co_await queued_.wait(lock);
}

std::shared_ptr<worker_pool::job> worker_pool::take_job()
{
    const std::lock_guard lock(mutex_);
    if (queue_.empty())
        return nullptr;
    auto next = std::move(queue_.front());
    queue_.pop_front();
    ++next->tries;
    return next;
}

/// Returns whether the process can take another job.
asio::awaitable<bool> worker_pool::run_job(slot& own, const std::shared_ptr<job>& current)
{
    using namespace asio::experimental::awaitable_operators;
    // Should this be cancelled or throw, the job goes back as if the process had died.
    struct returner {
        worker_pool& pool;
        std::shared_ptr<job> unfinished;
        ~returner()
        {
            if (unfinished)
                pool.give_back(unfinished);
        }
    } interrupted{*this, current};

    own.has_worked = true;
    own.pass->open();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(current->deadline - clock::now());
    const std::string line_of_job =
        resolve_line(current->id, current->wanted.page_url(), std::max(left, std::chrono::milliseconds(1)));
    const auto told = co_await own.process->write_line(line_of_job, current->deadline);
    if (!told) {
        spdlog::warn("extractor {} takes no job: {}", own.number, told.error().message());
        co_return false;
    }
    auto reading = own.process->read_line(clock::time_point::max());
    auto giving_up = give_up_when_abandoned(own, current);
    const auto first = co_await (std::move(reading) || std::move(giving_up));
    own.pass->cut();
    if (first.index() == 1) {
        spdlog::warn("extractor {} overran its deadline and is replaced", own.number);
        co_return false;
    }
    const auto& line = std::get<0>(first);
    if (!line) {
        spdlog::warn("extractor {} died on a job: {}", own.number, line.error().message());
        co_return false;
    }
    const auto event = parse_event(*line);
    if (const auto* const failed = event ? std::get_if<failed_event>(&*event) : nullptr; failed && failed->id == current->id) {
        spdlog::info("post={} code={} extractor={} reason: {}", current->wanted.id, stable_code(failed->code), own.number,
                     failed->message);
        interrupted.unfinished = nullptr;
        complete(*current, failed->code);
        co_return true;
    }
    if (const auto* const found = event ? std::get_if<post_event>(&*event) : nullptr; found && found->id == current->id) {
        interrupted.unfinished = nullptr;
        complete(*current, found->post);
        co_return true;
    }
    spdlog::warn("extractor {} babbles and is replaced", own.number);
    co_return false;
}

asio::awaitable<void> worker_pool::give_up_when_abandoned(slot& own, std::shared_ptr<job> current)
{
    {
        std::unique_lock lock(mutex_);
        while (!current->abandoned)
            co_await current->changed.wait(lock);
    }
    own.pass->cut();
    asio::steady_timer timer(executor_, abandon_grace);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> worker_pool::copy_log(std::shared_ptr<worker_process> process, std::size_t number)
{
    for (;;) {
        const auto line = co_await process->read_log_line();
        if (!line)
            co_return;
        spdlog::debug("extractor {}: {}", number, *line);
    }
}

asio::awaitable<void> worker_pool::reap(std::shared_ptr<worker_process> process, std::size_t number)
{
    const int pid = process->pid();
    const auto how = co_await process->stop(options_.stop_grace);
    spdlog::info("extractor ended number={} pid={}: {}", number, pid, how);
}

} // namespace ttsave::extraction
