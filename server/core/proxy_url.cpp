#include "core/proxy_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>
#include <cstdint>

namespace ttsave {
namespace {

/// Boost.URL 1.81 lets anything follow a port, and counts modulo 65536.
bool is_port(std::string_view text)
{
    std::uint16_t number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    return ec == std::errc{} && end == text.data() + text.size() && number > 0;
}

} // namespace

std::optional<proxy_url> proxy_url::parse(std::string_view text)
{
    const auto url = boost::urls::parse_uri(boost::core::string_view(text.data(), text.size()));
    if (!url || (url->scheme() != "http" && url->scheme() != "https" && url->scheme() != "socks5"))
        return std::nullopt;
    const auto port = url->port();
    const bool is_path = url->encoded_path().empty() || url->encoded_path().starts_with('/');
    if (url->host().empty() || (url->has_port() && !is_port({port.data(), port.size()})) || !is_path)
        return std::nullopt;
    const auto scheme = url->scheme();
    const auto host = url->encoded_host_and_port();
    std::string address = std::string(scheme.data(), scheme.size()) + "://" + std::string(host.data(), host.size());
    return proxy_url(std::string(text), std::move(address));
}

} // namespace ttsave
