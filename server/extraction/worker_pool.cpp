#include "extraction/worker_pool.hpp"

#include "extraction/worker_protocol.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds first_restart_pause{1};
constexpr std::chrono::seconds longest_restart_pause{60};

/// How long a process may take to drop a job once its connections are cut, before it is ended instead.
constexpr std::chrono::seconds abandon_grace{1};

} // namespace

// On the pool's executor only.
struct worker_pool::slot {
    std::size_t number;
    std::shared_ptr<egress_gate::pass> pass;
    std::shared_ptr<worker_process> process;
    bool unusable = false;
    bool has_worked = false; // the present process has been given a job
};

worker_pool::worker_pool(const asio::any_io_executor& executor, egress_gate& gate, worker_pool_options options)
    : executor_(executor), gate_(gate), options_(std::move(options)), queue_(options_.queue_limit)
{
    for (std::size_t number = 0; number < options_.workers; ++number)
        tasks_.spawn(executor_, run_slot(number), "extractor");
}

asio::awaitable<result<post>> worker_pool::resolve(post_ref wanted, clock::time_point deadline)
{
    return queue_.submit(std::move(wanted), deadline);
}

asio::awaitable<void> worker_pool::stop()
{
    stopping_ = true;
    queue_.refuse(errc::shutting_down);
    tasks_.cancel();
    co_await tasks_.join();
    co_await reapers_.join();
}

/// While no slot can work, jobs fail at once instead of at their deadlines.
void worker_pool::set_unusable(slot& own, bool unusable)
{
    if (stopping_ || own.unusable == unusable)
        return;
    own.unusable = unusable;
    unusable_ = unusable ? unusable_ + 1 : unusable_ - 1;
    if (unusable_ < options_.workers)
        return queue_.accept();
    spdlog::error("no extractor can work: downloads fail with extractor.failed until one can");
    queue_.refuse(errc::extractor_failed);
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
        std::atomic<std::size_t>& counted;
        explicit counter(std::atomic<std::size_t>& number) : counted(number) { ++counted; }
        ~counter() { --counted; }
    } const count_as_ready(ready_);
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
        if (!stopping_)
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
        if (const auto current = queue_.take()) {
            if (!co_await run_job(own, current))
                co_return;
            continue;
        }
        // An idle process says nothing: whatever it does say, its end included, is a reason to replace it.
        auto work = queue_.available();
        auto word = own.process->read_line(clock::time_point::max());
        const auto first = co_await (std::move(work) || std::move(word));
        if (first.index() == 0)
            continue;
        const auto& said = std::get<1>(first);
        if (!stopping_)
            spdlog::warn("extractor {} {} while idle", own.number, said ? "babbled" : "ended");
        co_return;
    }
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
                pool.queue_.return_interrupted(unfinished);
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
        queue_.return_untouched(std::exchange(interrupted.unfinished, nullptr));
        co_return false;
    }
    auto reading = own.process->read_line(clock::time_point::max());
    auto giving_up = give_up_when_abandoned(own, current);
    const auto first = co_await (std::move(reading) || std::move(giving_up));
    own.pass->cut();
    if (first.index() == 1) {
        spdlog::warn("extractor {} goes on with a job that nobody waits for and is replaced", own.number);
        co_return false;
    }
    const auto& line = std::get<0>(first);
    if (!line) {
        if (!stopping_)
            spdlog::warn("extractor {} died on a job: {}", own.number, line.error().message());
        co_return false;
    }
    const auto event = parse_event(*line);
    if (const auto* const failed = event ? std::get_if<failed_event>(&*event) : nullptr;
        failed && failed->id == current->id) {
        spdlog::info("post={} code={} extractor={} reason: {}", current->wanted.id, stable_code(failed->code),
                     own.number, failed->message);
        interrupted.unfinished = nullptr;
        queue_.complete(*current, failed->code);
        co_return true;
    }
    if (const auto* const found = event ? std::get_if<post_event>(&*event) : nullptr;
        found && found->id == current->id) {
        interrupted.unfinished = nullptr;
        queue_.complete(*current, found->post);
        co_return true;
    }
    spdlog::warn("extractor {} babbles and is replaced", own.number);
    co_return false;
}

asio::awaitable<void> worker_pool::give_up_when_abandoned(slot& own, std::shared_ptr<job> current)
{
    co_await queue_.abandoned(std::move(current));
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
