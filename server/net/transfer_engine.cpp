#include "net/transfer_engine.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <new>
#include <utility>

namespace ttsave::net {
namespace {

using clock = std::chrono::steady_clock;

// How long the thread sleeps when neither libcurl nor a command wakes it. Only a backstop.
constexpr std::chrono::milliseconds longest_sleep{10'000};

std::string_view trimmed(std::string_view text)
{
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text)
{
    Number value{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

struct slist_deleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

transfer_end meaning_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK: return transfer_end::complete;
    case CURLE_OPERATION_TIMEDOUT: return transfer_end::timed_out;
    default: return transfer_end::broken;
    }
}

} // namespace

std::string_view response_head::field(std::string_view name) const
{
    const auto found = fields.find(name);
    return found == fields.end() ? std::string_view{} : std::string_view(found->second);
}

std::optional<std::uint64_t> response_head::content_length() const
{
    return parse_number<std::uint64_t>(field("content-length"));
}

struct transfer_engine::transfer {
    transfer(transfer_request wanted, std::shared_ptr<transfer_sink> taker)
        : request(std::move(wanted)), sink(std::move(taker))
    {
    }

    void prepare(const network_options& options, std::uint64_t id);
    bool take_header_line(std::string_view line);
    bool take_data(std::span<const char> bytes);

    transfer_request request;
    std::shared_ptr<transfer_sink> sink;
    std::unique_ptr<curl_slist, slist_deleter> headers;
    response_head head;
    clock::time_point last_arrival = clock::now();
    bool stopped = false; // the sink refused
    easy_handle easy;
};

void transfer_engine::transfer::prepare(const network_options& options, std::uint64_t id)
{
    easy = make_easy_handle(options);
    CURL* const curl = easy.get();
    for (const auto& line : request.headers)
        if (curl_slist* const longer = curl_slist_append(headers.get(), line.c_str())) {
            static_cast<void>(headers.release());
            headers.reset(longer);
        }
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    if (!request.cookies.empty())
        curl_easy_setopt(curl, CURLOPT_COOKIE, request.cookies.c_str());
    if (request.head)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (!request.range.empty())
        curl_easy_setopt(curl, CURLOPT_RANGE, request.range.c_str());
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_PRIVATE, reinterpret_cast<void*>(static_cast<std::uintptr_t>(id)));
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(
        curl, CURLOPT_HEADERFUNCTION, +[](char* bytes, std::size_t, std::size_t count, void* self) -> std::size_t {
            return static_cast<transfer*>(self)->take_header_line({bytes, count}) ? count : 0;
        });
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(
        curl, CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t, std::size_t count, void* self) -> std::size_t {
            return static_cast<transfer*>(self)->take_data({bytes, count}) ? count : 0;
        });
}

bool transfer_engine::transfer::take_header_line(std::string_view line)
{
    last_arrival = clock::now();
    if (line.starts_with("HTTP/")) {
        head = {};
        const auto space = line.find(' ');
        if (space != std::string_view::npos)
            head.status = parse_number<int>(line.substr(space + 1, 3)).value_or(0);
        return true;
    }
    line = trimmed(line);
    if (line.empty()) {
        if (head.status < 200)
            return true;
        stopped = !sink->on_head(head);
        return !stopped;
    }
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        head.fields[std::move(name)] = trimmed(line.substr(colon + 1));
    }
    return true;
}

bool transfer_engine::transfer::take_data(std::span<const char> bytes)
{
    last_arrival = clock::now();
    stopped = !sink->on_data(bytes);
    return !stopped;
}

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
        engine->enqueue({id_, nullptr});
}

transfer_engine::transfer_engine(network_options options)
    : options_(std::move(options)), multi_((make_easy_handle(options_), curl_multi_init()))
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
    enqueue({id, std::move(started)});
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
        curl_multi_remove_handle(multi_.get(), active->easy.get());
    transfers_.clear();
}

void transfer_engine::execute(command entry)
{
    if (!entry.started) {
        const auto found = transfers_.find(entry.id);
        if (found == transfers_.end())
            return;
        curl_multi_remove_handle(multi_.get(), found->second->easy.get());
        transfers_.erase(found);
        return;
    }
    auto& started = *transfers_.emplace(entry.id, std::move(entry.started)).first->second;
    started.prepare(options_, entry.id);
    if (curl_multi_add_handle(multi_.get(), started.easy.get()) != CURLM_OK)
        finish(entry.id, CURLE_FAILED_INIT);
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
        const auto left = active->last_arrival + active->request.stall_timeout - now;
        if (left <= clock::duration::zero())
            stalled.push_back(id);
        else
            sleep = std::min(sleep, std::chrono::ceil<std::chrono::milliseconds>(left));
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
    curl_multi_remove_handle(multi_.get(), ended->easy.get());
    ended->sink->on_end(ended->stopped ? transfer_end::stopped : meaning_of(code), curl_easy_strerror(code));
}

} // namespace ttsave::net
