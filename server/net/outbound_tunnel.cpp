#include "net/outbound_tunnel.hpp"

#include "core/as_result.hpp"
#include "net/proxy_fault.hpp"

#include <boost/asio/error.hpp>

#include <chrono>
#include <utility>

namespace ttsave::net {

namespace asio = boost::asio;

namespace {

constexpr long connect_timeout_ms = 10'000;

/// What is given up before may have been given up for any reason; afterwards, for want of patience.
constexpr std::chrono::seconds fair_time{3};

int stop_when_abandoned(void* abandoned, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<const std::atomic<bool>*>(abandoned)->load() ? 1 : 0;
}

} // namespace

result<easy_handle> connect_tunnel(const network_options& options, const route& way, const std::string& host,
                                   std::uint16_t port, const std::atomic<bool>& abandoned)
{
    auto handle = make_easy_handle(options, way);
    CURL* const curl = handle.get();
    // The scheme is http although TLS will follow: the TLS is the two ends' own, this is only their pipe.
    const std::string url = "http://" + host + ':' + std::to_string(port);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, stop_when_abandoned);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &abandoned);
    const auto begin = std::chrono::steady_clock::now();
    const CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK && (!abandoned || std::chrono::steady_clock::now() - begin >= fair_time))
        way.failed(proxy_fault(curl, code).value_or("does not lead to " + host + ": " + curl_easy_strerror(code)));
    if (code == CURLE_OPERATION_TIMEDOUT)
        return error_code(asio::error::timed_out);
    if (code != CURLE_OK)
        return error_code(asio::error::connection_refused);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, nullptr);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
    return handle;
}

outbound_tunnel::outbound_tunnel(const asio::any_io_executor& executor, easy_handle connected)
    : curl_(std::move(connected)), readiness_(executor)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(curl_.get(), CURLINFO_ACTIVESOCKET, &socket);
    readiness_.assign(socket);
}

outbound_tunnel::~outbound_tunnel()
{
    readiness_.release(); // libcurl closes the socket
}

void outbound_tunnel::cancel()
{
    cancelled_ = true;
    error_code ignored;
    readiness_.cancel(ignored);
}

asio::awaitable<bool> outbound_tunnel::until_ready(asio::posix::stream_descriptor::wait_type what)
{
    const auto [ec] = co_await readiness_.async_wait(what, as_result);
    co_return !ec && !cancelled_;
}

asio::awaitable<std::size_t> outbound_tunnel::read_some(std::span<char> into)
{
    while (!cancelled_) {
        std::size_t count = 0;
        const CURLcode code = curl_easy_recv(curl_.get(), into.data(), into.size(), &count);
        if (code == CURLE_OK)
            co_return count;
        if (code != CURLE_AGAIN || !co_await until_ready(asio::posix::stream_descriptor::wait_read))
            co_return 0;
    }
    co_return 0;
}

asio::awaitable<bool> outbound_tunnel::write(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        std::size_t count = 0;
        const CURLcode code = curl_easy_send(curl_.get(), bytes.data(), bytes.size(), &count);
        if (code == CURLE_OK)
            bytes = bytes.subspan(count);
        else if (code != CURLE_AGAIN || !co_await until_ready(asio::posix::stream_descriptor::wait_write))
            co_return false;
    }
    co_return true;
}

} // namespace ttsave::net
