#include "extraction/worker_slot.hpp"

#include "core/as_result.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds first_pause{1};
constexpr std::chrono::seconds longest_pause{60};

/// How many processes in a row may end before they have taken up a job, until those who wait are not kept waiting.
constexpr int most_unlucky_ends = 2;

std::chrono::seconds pause_after(int failures)
{
    constexpr int doublings = 6; // beyond the longest pause
    return failures == 0 ? std::chrono::seconds(0)
                         : std::min(first_pause * (1 << std::min(failures - 1, doublings)), longest_pause);
}

} // namespace

worker_slot::worker_slot(const asio::any_io_executor& executor, std::size_t number, worker_duty duty,
                         worker_nursery& nursery, job_queue& queue, roll_call& roll, worker_limits limits)
    : executor_(executor), number_(number), duty_(duty), nursery_(nursery), queue_(queue), roll_(roll), limits_(limits),
      wants_another_(duty == worker_duty::standing), raise_wakener_(executor), serve_wakener_(executor),
      summon_wakener_(executor), renew_wakener_(executor)
{
}

void worker_slot::start(task_group& tasks)
{
    tasks.spawn(executor_, raise(), "extractor start");
    tasks.spawn(executor_, serve(), "extractor");
}

asio::awaitable<void> worker_slot::raise()
{
    for (;;) {
        while (!wants_another_) {
            raise_wakener_.expires_at(clock::time_point::max());
            co_await raise_wakener_.async_wait(as_result);
        }
        const auto begin = clock::now();
        while (clock::now() < begin + pause_after(failures_)) {
            raise_wakener_.expires_at(begin + pause_after(failures_));
            co_await raise_wakener_.async_wait(as_result);
        }
        roll_.mark_starting(number_, true);
        auto born = co_await nursery_.raise(number_);
        roll_.mark_starting(number_, false);
        if (!born.process) {
            do_without(born);
            continue;
        }
        roll_.note_start(born.process->yt_dlp);
        wants_another_ = false;
        summon_wakener_.cancel();
        successor_ = std::move(born.process);
        serve_wakener_.cancel();
    }
}

/// Sees to what follows on a start that came to nothing.
void worker_slot::do_without(const worker_nursery::birth& failed)
{
    roll_.note_no_start();
    renew_wakener_.cancel();
    const bool was_to_renew = failed.is_fresh && end_renewal(failed.problem);
    if (duty_ == worker_duty::reserve || (was_to_renew && present_ && !is_worn())) {
        wants_another_ = false;
        summon_wakener_.cancel();
        if (was_to_renew)
            return;
    }
    ++failures_;
    spdlog::error("extractor {} cannot work: {}; next try in {} s", number_, failed.problem,
                  pause_after(failures_).count());
    if (present_)
        spdlog::warn("extractor {} goes on with pid={}", number_, present_->pid());
    else if (duty_ == worker_duty::standing)
        roll_.mark_unable(number_, failed.problem);
}

asio::awaitable<void> worker_slot::summon()
{
    want_another();
    while (wants_another_) {
        summon_wakener_.expires_at(clock::time_point::max());
        co_await summon_wakener_.async_wait(as_result);
    }
}

asio::awaitable<std::string> worker_slot::renew()
{
    is_renewing_ = true;
    renewal_problem_.clear();
    failures_ = 0; // whatever they came from may be mended
    raise_wakener_.cancel();
    while (renewal_problem_.empty() && !is_renewed()) {
        if (!wants_another_)
            want_another();
        renew_wakener_.expires_at(clock::time_point::max());
        co_await renew_wakener_.async_wait(as_result);
    }
    is_renewing_ = false;
    co_return std::move(renewal_problem_);
}

bool worker_slot::is_renewed() const
{
    return present_ ? present_->is_fresh() : !successor_ && !wants_another_;
}

/// Returns whether there was a renewal to end.
bool worker_slot::end_renewal(std::string problem)
{
    if (!is_renewing_)
        return false;
    renewal_problem_ = std::move(problem);
    renew_wakener_.cancel();
    return true;
}

void worker_slot::rest()
{
    spdlog::info("extractor {} rests: pid={} jobs={}", number_, present_->pid(), present_->jobs);
    present_.reset();
    renew_wakener_.cancel();
    roll_.mark_resting(number_);
}

void worker_slot::want_another()
{
    wants_another_ = !successor_;
    raise_wakener_.cancel();
}

asio::awaitable<void> worker_slot::until_followed()
{
    while (!successor_) {
        serve_wakener_.expires_at(clock::time_point::max());
        co_await serve_wakener_.async_wait(as_result);
    }
}

asio::awaitable<void> worker_slot::serve()
{
    for (;;) {
        if (!present_)
            co_await until_followed();
        if (successor_)
            change_over();
        const auto lost = co_await serve_once();
        if (lost)
            lose(*lost);
        else if (present_ && !successor_)
            replace_if_worn();
    }
}

void worker_slot::change_over()
{
    if (present_ && successor_->lines().has_output()) {
        constexpr const char* problem = "spoke or ended before its first job";
        spdlog::warn("extractor {} pid={} {}", number_, successor_->pid(), problem);
        successor_.reset();
        roll_.note_no_start();
        if (end_renewal(problem) && !is_worn())
            return;
        ++failures_;
        return want_another();
    }
    if (present_) {
        roll_.note_restart(present_->is_fresh() ? restart_reason::worn : restart_reason::renewed);
        spdlog::info("extractor {} changes over: pid={} jobs={} rss={}, then pid={}", number_, present_->pid(),
                     present_->jobs, present_->lines().resident_bytes(), successor_->pid());
    }
    present_ = std::move(successor_);
    renew_wakener_.cancel();
    roll_.mark_ready(number_);
    if (most_resident_bytes() > limits_.max_resident_bytes)
        spdlog::warn("extractor {} takes {} bytes when it is fresh: worker_max_rss_bytes={} is too little, {} counts",
                     number_, present_->first_resident_bytes, limits_.max_resident_bytes, most_resident_bytes());
}

void worker_slot::lose(restart_reason reason)
{
    roll_.note_restart(reason);
    const bool was_of_use = present_->jobs > 0 || clock::now() - present_->born > longest_pause;
    failures_ = was_of_use ? 0 : failures_ + 1;
    present_.reset();
    renew_wakener_.cancel();
    if (duty_ == worker_duty::reserve)
        return roll_.mark_resting(number_);
    roll_.mark_absent(number_);
    if (failures_ > most_unlucky_ends && !successor_)
        roll_.mark_unable(number_, "ends before it has taken up a job");
    want_another();
}

/// At once, since it could do the next job only without what is in the file.
void worker_slot::replace_outdated()
{
    spdlog::info("extractor {} pid={} is replaced, as cookies_file or ca_file was", number_, present_->pid());
    roll_.note_restart(restart_reason::outdated);
    present_.reset();
    renew_wakener_.cancel();
    if (duty_ == worker_duty::reserve)
        return roll_.mark_resting(number_);
    roll_.mark_absent(number_);
    want_another();
}

/// A limit that a fresh process can hardly keep would have it replaced after each job.
std::uint64_t worker_slot::most_resident_bytes() const
{
    return std::max(limits_.max_resident_bytes, present_->first_resident_bytes * 3 / 2);
}

bool worker_slot::is_worn() const
{
    return present_->jobs >= limits_.max_jobs || present_->lines().resident_bytes() > most_resident_bytes();
}

void worker_slot::replace_if_worn()
{
    if (wants_another_)
        return;
    failures_ = 0;
    if (!is_worn())
        return;
    spdlog::info("extractor {} is to be replaced: pid={} jobs={} max_jobs={} rss={} max_rss={}", number_,
                 present_->pid(), present_->jobs, limits_.max_jobs, present_->lines().resident_bytes(),
                 most_resident_bytes());
    want_another();
}

/// Gives the process a job, or waits until there may be something to do.
asio::awaitable<worker_slot::ending> worker_slot::serve_once()
{
    using namespace asio::experimental::awaitable_operators;
    if (present_->is_outdated()) {
        replace_outdated();
        co_return std::nullopt;
    }
    // An idle process says nothing: whatever it does say, its end included, is a reason to replace it. Looked at before
    // it gets a job, so that no job meets what an earlier one has left behind.
    const bool has_spoken = present_->lines().has_output();
    if (!has_spoken) {
        if (auto current = queue_.take())
            co_return co_await run_job(std::move(current));
        auto work = queue_.available();
        auto change = until_followed();
        const auto rest_at =
            duty_ == worker_duty::reserve ? clock::now() + limits_.reserve_time : clock::time_point::max();
        auto word = present_->lines().read_line(rest_at);
        const auto first = co_await (std::move(work) || std::move(change) || std::move(word));
        if (first.index() < 2)
            co_return std::nullopt;
        const auto& line = std::get<2>(first);
        if (!line && line.error() == asio::error::operation_aborted)
            throw boost::system::system_error(line.error());
        if (!line && line.error() == asio::error::timed_out) {
            rest();
            co_return std::nullopt;
        }
    }
    spdlog::warn("extractor {} pid={} spoke or ended while idle", number_, present_->pid());
    co_return restart_reason::crashed;
}

} // namespace ttsave::extraction
