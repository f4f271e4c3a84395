#include "net/proxy_fault.hpp"

namespace ttsave::net {
namespace {

/// How a SOCKS proxy ended the conversation. The replies of RFC 1928, section 6, tell of the host.
std::optional<std::string> socks_fault(CURLproxycode code)
{
    switch (code) {
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_CONNECTION_REFUSED:
    case CURLPX_REPLY_TTL_EXPIRED: return std::nullopt;
    case CURLPX_REPLY_NOT_ALLOWED: return "refuses us";
    case CURLPX_USER_REJECTED:
    case CURLPX_NO_AUTH: return "does not take our credentials";
    case CURLPX_RESOLVE_HOST: return "has no address that can be found";
    default: return "does not speak SOCKS 5 as it should";
    }
}

/// How an HTTP proxy has answered CONNECT, 0 for not at all. What it says of itself is a 4xx (RFC 9110, section 15.5);
/// a 5xx may tell of the host.
std::optional<std::string> connect_fault(long status)
{
    constexpr long wants_credentials = 407; // section 15.5.8
    if (status == wants_credentials)
        return "does not take our credentials";
    if (status >= 400 && status < 500)
        return "refuses us, status " + std::to_string(status);
    return std::nullopt;
}

template <typename Value>
Value told(CURL* handle, CURLINFO what)
{
    Value value{};
    curl_easy_getinfo(handle, what, &value);
    return value;
}

} // namespace

bool has_reached_host(CURL* handle)
{
    return told<long>(handle, CURLINFO_NUM_CONNECTS) == 0 || told<curl_off_t>(handle, CURLINFO_APPCONNECT_TIME_T) > 0;
}

std::optional<std::string> proxy_fault(CURL* handle, CURLcode code)
{
    switch (code) {
    case CURLE_OK: return std::nullopt;
    case CURLE_COULDNT_RESOLVE_HOST: // is what it is called with SOCKS, whose proxies look the hosts up
    case CURLE_COULDNT_RESOLVE_PROXY: return "has no address that can be found";
    case CURLE_COULDNT_CONNECT: return "cannot be connected to";
    case CURLE_PROXY: return socks_fault(static_cast<CURLproxycode>(told<long>(handle, CURLINFO_PROXY_ERROR)));
    case CURLE_PEER_FAILED_VERIFICATION:
        if (told<long>(handle, CURLINFO_PROXY_SSL_VERIFYRESULT) != 0)
            return "has a certificate that is not trusted";
        return std::nullopt;
    default: break;
    }
    return connect_fault(told<long>(handle, CURLINFO_HTTP_CONNECTCODE));
}

} // namespace ttsave::net
