#include "net/transfer_engine.hpp"

#include "net/transfer.hpp"

#include <new>
#include <utility>

namespace ttsave::net {
namespace {

using clock = std::chrono::steady_clock;

// How long the thread sleeps when neither libcurl nor a command wakes it. Only a backstop.
constexpr std::chrono::milliseconds longest_sleep{10'000};

} // namespace

transfer_engine::handle::handle(handle&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)), id_(other.id_)
{
}

transfer_engine::handle& transfer_engine::handle::operator=(handle&& other) noexcept
{
    if (this != &other) {
        drop();
        engine_ = std::exchange(other.engine_, nullptr);
        id_ = other.id_;
    }
    return *this;
}

transfer_engine::handle::~handle()
{
    drop();
}

void transfer_engine::handle::drop() noexcept
{
    if (auto* const engine = std::exchange(engine_, nullptr))
        engine->enqueue({id_, action::stop, nullptr});
}

void transfer_engine::handle::resume() const
{
    if (engine_)
        engine_->enqueue({id_, action::resume, nullptr});
}

transfer_engine::transfer_engine(network_options options)
    : options_(std::move(options)), multi_((make_easy_handle(options_, {}), curl_multi_init()))
{
    if (!multi_)
        throw std::bad_alloc();
    thread_ = std::thread([this] { run(); });
}

transfer_engine::~transfer_engine()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
}

transfer_engine::handle transfer_engine::start(transfer_request request, std::shared_ptr<transfer_sink> sink)
{
    auto started = std::make_unique<transfer>(std::move(request), std::move(sink));
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(mutex_);
        id = ++last_id_;
    }
    enqueue({id, action::start, std::move(started)});
    return handle(*this, id);
}

void transfer_engine::enqueue(command entry)
{
    {
        const std::lock_guard lock(mutex_);
        commands_.push_back(std::move(entry));
    }
    curl_multi_wakeup(multi_.get());
}

void transfer_engine::run()
{
    for (;;) {
        std::vector<command> commands;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_)
                break;
            commands.swap(commands_);
        }
        for (auto& entry : commands)
            execute(std::move(entry));
        int running = 0;
        curl_multi_perform(multi_.get(), &running);
        collect_finished();
        const auto next_stall = end_stalled();
        curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(next_stall.count()), nullptr);
    }
    for (const auto& [id, active] : transfers_)
        curl_multi_remove_handle(multi_.get(), active->easy());
    transfers_.clear();
}

void transfer_engine::execute(command entry)
{
    if (entry.what == action::start) {
        begin(entry.id, std::move(entry.started));
        return;
    }
    const auto found = transfers_.find(entry.id);
    if (found == transfers_.end())
        return;
    if (entry.what == action::resume) {
        if (const CURLcode code = found->second->resume(); code != CURLE_OK)
            finish(entry.id, code);
        return;
    }
    curl_multi_remove_handle(multi_.get(), found->second->easy());
    transfers_.erase(found);
}

void transfer_engine::begin(std::uint64_t id, std::unique_ptr<transfer> started)
{
    auto& begun = *transfers_.emplace(id, std::move(started)).first->second;
    begun.prepare(options_, id, received_);
    if (curl_multi_add_handle(multi_.get(), begun.easy()) != CURLM_OK)
        finish(id, CURLE_FAILED_INIT);
}

void transfer_engine::collect_finished()
{
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        const CURLcode code = message->data.result;
        void* tag = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &tag);
        finish(static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(tag)), code);
    }
}

/// Returns how long the thread may sleep until the next transfer can have stalled. libcurl's own low-speed limit
/// averages over seconds, so that a stall after a burst is noticed late.
std::chrono::milliseconds transfer_engine::end_stalled()
{
    const auto now = clock::now();
    auto sleep = longest_sleep;
    std::vector<std::uint64_t> stalled;
    for (const auto& [id, active] : transfers_) {
        const auto stalls_at = active->stalls_at();
        if (stalls_at <= now)
            stalled.push_back(id);
        else if (stalls_at < now + sleep)
            sleep = std::chrono::ceil<std::chrono::milliseconds>(stalls_at - now);
    }
    for (const auto id : stalled)
        finish(id, CURLE_OPERATION_TIMEDOUT);
    return sleep;
}

void transfer_engine::finish(std::uint64_t id, CURLcode code)
{
    const auto found = transfers_.find(id);
    const auto ended = std::move(found->second);
    transfers_.erase(found);
    curl_multi_remove_handle(multi_.get(), ended->easy());
    ended->end(code);
}

} // namespace ttsave::net
