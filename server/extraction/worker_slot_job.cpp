#include "extraction/worker_protocol.hpp"
#include "extraction/worker_slot.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace ttsave::extraction {

namespace asio = boost::asio;

namespace {

/// How long a process may take to drop a job once its connections are cut, before it is ended instead.
constexpr std::chrono::seconds abandon_grace{1};

/// How often a process is looked at while it has a job, and how long it may take to fetch that from its pipe: one that
/// does not is stopped or stuck, which is no fault of the job's.
constexpr std::chrono::seconds between_checks{1};
constexpr std::chrono::seconds take_up_time{5};

} // namespace

/// A job while a process has it. However that ends, the job goes back unless it has got its answer.
struct worker_slot::handover {
    worker_slot& slot;
    warm_process& to;
    std::shared_ptr<job> unanswered;
    bool is_written = false;

    ~handover()
    {
        to.pass().cut();
        slot.roll_.mark_busy(slot.number_, false);
        const bool is_taken_up = is_written && to.lines().has_fetched_all();
        const bool was_fresh = to.jobs == 0;
        to.jobs += is_taken_up ? 1 : 0;
        if (unanswered && is_taken_up)
            slot.queue_.return_interrupted(unanswered, was_fresh);
        else if (unanswered)
            slot.queue_.return_untouched(unanswered);
    }
};

asio::awaitable<worker_slot::ending> worker_slot::run_job(std::shared_ptr<job> current)
{
    using namespace asio::experimental::awaitable_operators;
    auto& process = present_->lines();
    roll_.mark_busy(number_, true);
    handover given{*this, *present_, current};
    present_->pass().open(current->way);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(current->deadline - clock::now());
    const std::string line_of_job = resolve_line(current->id, current->wanted.page_url(),
                                                 std::max(left, std::chrono::milliseconds(1)), current->request);
    const auto told = co_await process.write_line(line_of_job, current->deadline);
    if (!told) {
        spdlog::warn("extractor {} pid={} takes no job: {}", number_, process.pid(), told.error().message());
        co_return restart_reason::crashed;
    }
    given.is_written = true;
    auto reading = process.read_line(clock::time_point::max());
    auto looking = find_flaw();
    auto giving_up = give_up_when_abandoned(current);
    const auto first = co_await (std::move(reading) || std::move(looking) || std::move(giving_up));
    if (const auto* const found = std::get_if<1>(&first)) {
        spdlog::warn("extractor {} pid={} is ended: {}; post={} is tried again", number_, process.pid(), found->words,
                     current->wanted.id);
        present_->forgo_grace();
        co_return found->reason;
    }
    if (first.index() == 2) {
        spdlog::warn("extractor {} pid={} goes on with a job that nobody waits for and is replaced", number_,
                     process.pid());
        co_return restart_reason::timeout;
    }
    const auto& line = std::get<0>(first);
    if (line)
        co_return finish(*line, given) ? ending() : restart_reason::crashed;
    if (line.error() == asio::error::operation_aborted)
        throw boost::system::system_error(line.error());
    spdlog::warn("extractor {} pid={} is lost on post={}: {}", number_, process.pid(), current->wanted.id,
                 line.error().message());
    co_return restart_reason::crashed;
}

/// Returns whether `line` is the answer to the job.
bool worker_slot::finish(const std::string& line, handover& given)
{
    const auto& wanted = *given.unanswered;
    const auto event = parse_event(line);
    const auto* const failed = event ? std::get_if<failed_event>(&*event) : nullptr;
    const auto* const found = event ? std::get_if<post_event>(&*event) : nullptr;
    if (!(failed && failed->id == wanted.id) && !(found && found->id == wanted.id)) {
        spdlog::warn("extractor {} pid={} babbles on post={} and is replaced", number_, given.to.pid(),
                     wanted.wanted.id);
        return false;
    }
    const auto answered = std::exchange(given.unanswered, nullptr);
    if (found) {
        queue_.complete(*answered, found->post);
        return true;
    }
    spdlog::info("request={} post={} code={} extractor={} reason: {}", answered->request, wanted.wanted.id,
                 stable_code(failed->code), number_, failed->message);
    queue_.complete(*answered, failed->code);
    return true;
}

asio::awaitable<void> worker_slot::give_up_when_abandoned(std::shared_ptr<job> current)
{
    co_await queue_.abandoned(std::move(current));
    present_->pass().cut();
    asio::steady_timer timer(executor_, abandon_grace);
    co_await timer.async_wait(asio::use_awaitable);
}

/// Looks at a process that has a job, until there is a reason to end it.
asio::awaitable<worker_slot::flaw> worker_slot::find_flaw()
{
    auto& process = present_->lines();
    // One that has grown too large already works on until its successor is ready, but not without a bound.
    const auto begin = clock::now();
    const auto most = most_resident_bytes() * (process.resident_bytes() > most_resident_bytes() ? 2 : 1);
    asio::steady_timer timer(executor_);
    for (;;) {
        timer.expires_after(between_checks);
        co_await timer.async_wait(asio::use_awaitable);
        if (const auto resident = process.resident_bytes(); resident > most)
            co_return flaw{restart_reason::worn,
                           fmt::format("it has grown too large, rss={} limit={}", resident, most)};
        if (!process.has_fetched_all() && clock::now() - begin >= take_up_time)
            co_return flaw{restart_reason::timeout,
                           fmt::format("it does not take up its job, pause={} s", take_up_time.count())};
    }
}

} // namespace ttsave::extraction
