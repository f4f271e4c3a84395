#include "net/curl_handle.hpp"

#include "net/address_policy.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <new>

namespace ttsave::net {
namespace {

namespace ip = boost::asio::ip;

/// curl_global_init is not thread-safe, and must come before the first handle.
void initialise_library()
{
    static const CURLcode outcome = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (outcome != CURLE_OK)
        throw std::bad_alloc();
}

ip::address address_of(const curl_sockaddr& target)
{
    if (target.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &target.addr, sizeof v4);
        return ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &target.addr, sizeof v6);
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), v6.sin6_addr.s6_addr, bytes.size());
    return ip::address_v6(bytes);
}

curl_socket_t open_guarded(void*, curlsocktype, curl_sockaddr* target)
{
    if ((target->family != AF_INET && target->family != AF_INET6) || !is_public(address_of(*target)))
        return CURL_SOCKET_BAD;
    return ::socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

curl_socket_t open_none(void*, curlsocktype, curl_sockaddr*)
{
    return CURL_SOCKET_BAD;
}

/// The scheme under which libcurl lets the proxy resolve names: a name must mean what it means to the proxy.
std::string remote_resolving(const std::string& proxy)
{
    static const std::string local = "socks5://";
    return proxy.starts_with(local) ? "socks5h://" + proxy.substr(local.size()) : proxy;
}

} // namespace

easy_handle make_easy_handle(const network_options& options, const route& way)
{
    initialise_library();
    easy_handle handle(curl_easy_init());
    if (!handle)
        throw std::bad_alloc();
    CURL* const curl = handle.get();
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    const auto* const proxy = way.through();
    curl_easy_setopt(curl, CURLOPT_PROXY, proxy ? remote_resolving(proxy->url().text()).c_str() : "");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
    curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!options.ca_file.empty()) {
        // CAPATH stays what the library was built with: the system's authorities remain trusted.
        curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
        curl_easy_setopt(curl, CURLOPT_PROXY_CAINFO, options.ca_file.c_str());
    }
    if (!proxy)
        curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, way.is_chosen() ? open_guarded : open_none);
    return handle;
}

} // namespace ttsave::net
