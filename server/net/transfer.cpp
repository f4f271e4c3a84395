#include "net/transfer.hpp"

#include "net/proxy_fault.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace ttsave::net {

using clock = std::chrono::steady_clock;

namespace {

// What a callback returns that has not taken everything (libcurl, CURLOPT_WRITEFUNCTION).
constexpr std::size_t refusal = 0;

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

transfer::transfer(transfer_request wanted, std::shared_ptr<transfer_sink> sink)
    : request_(std::move(wanted)), sink_(std::move(sink)), last_arrival_(clock::now())
{
}

void transfer::prepare(const network_options& options, std::uint64_t id, std::atomic<std::uint64_t>& received)
{
    received_ = &received;
    easy_ = make_easy_handle(options, request_.way);
    CURL* const curl = easy_.get();
    for (const auto& line : request_.headers)
        if (curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str())) {
            static_cast<void>(headers_.release());
            headers_.reset(longer);
        }
    // A paused stream of HTTP/2 would hold up all others of its connection.
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(curl, CURLOPT_URL, request_.url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
    if (!request_.cookies.empty())
        curl_easy_setopt(curl, CURLOPT_COOKIE, request_.cookies.c_str());
    if (request_.head)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (!request_.range.empty())
        curl_easy_setopt(curl, CURLOPT_RANGE, request_.range.c_str());
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_PRIVATE, reinterpret_cast<void*>(static_cast<std::uintptr_t>(id)));
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(
        curl, CURLOPT_HEADERFUNCTION, +[](char* bytes, std::size_t, std::size_t count, void* self) -> std::size_t {
            return static_cast<transfer*>(self)->take_header_line({bytes, count}) ? count : refusal;
        });
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(
        curl, CURLOPT_WRITEFUNCTION, +[](char* bytes, std::size_t, std::size_t count, void* self) -> std::size_t {
            return static_cast<transfer*>(self)->take_data({bytes, count});
        });
}

bool transfer::take_header_line(std::string_view line)
{
    last_arrival_ = clock::now();
    if (line.starts_with("HTTP/")) {
        head_ = {};
        const auto space = line.find(' ');
        if (space != std::string_view::npos)
            head_.status = parse_number<int>(line.substr(space + 1, 3)).value_or(0);
        return true;
    }
    line = trimmed(line);
    if (line.empty()) {
        if (head_.status < 200)
            return true;
        was_stopped_ = !sink_->on_head(head_);
        return !was_stopped_;
    }
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        head_.fields[std::move(name)] = trimmed(line.substr(colon + 1));
    }
    return true;
}

std::size_t transfer::take_data(std::span<const char> bytes)
{
    last_arrival_ = clock::now();
    const auto next = sink_->on_data(bytes);
    if (next == flow::pause) { // they come again
        is_paused_ = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    *received_ += bytes.size();
    if (next == flow::go_on)
        return bytes.size();
    was_stopped_ = true;
    return refusal;
}

CURLcode transfer::resume()
{
    if (!is_paused_)
        return CURLE_OK;
    is_paused_ = false;
    last_arrival_ = clock::now();
    return curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

clock::time_point transfer::stalls_at() const
{
    return is_paused_ ? clock::time_point::max() : last_arrival_ + request_.stall_timeout;
}

void transfer::blame_proxy(CURLcode code) const
{
    if (const auto fault = proxy_fault(easy_.get(), code))
        request_.way.failed(*fault);
    else if (request_.host_is_always_there && !has_reached_host(easy_.get()))
        request_.way.failed(std::string("does not lead to ") + request_.url + ": " + curl_easy_strerror(code));
}

void transfer::end(CURLcode code)
{
    if (code != CURLE_OK && !was_stopped_)
        blame_proxy(code);
    sink_->on_end(was_stopped_ ? transfer_end::stopped : meaning_of(code), curl_easy_strerror(code));
}

} // namespace ttsave::net
