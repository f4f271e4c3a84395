#include "egress/connect_request.hpp"

#include "core/basic_credentials.hpp"
#include "core/errc.hpp"
#include "net/web_url.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace ttsave::egress {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view https_port = ":443";

/// `host` in lower case.
bool is_tiktok(std::string_view host)
{
    const auto is_domain = [host](std::string_view domain) {
        return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
    };
    return is_domain("tiktok.com") || is_domain("tiktokv.com");
}

std::optional<std::string> allowed_host(std::string target)
{
    if (!target.ends_with(https_port))
        return std::nullopt;
    target.resize(target.size() - https_port.size());
    std::transform(target.begin(), target.end(), target.begin(), [](unsigned char c) { return std::tolower(c); });
    // It will be connected to as part of a URL: only a name is nothing but a name there.
    return net::is_public_name(target) && is_tiktok(target) ? std::optional(std::move(target)) : std::nullopt;
}

} // namespace

std::optional<connect_request> parse_connect_request(std::string_view head)
{
    http::request_parser<http::empty_body> parser;
    error_code ec;
    const auto read = parser.put(boost::asio::buffer(head), ec);
    if (ec || !parser.is_header_done() || read != head.size())
        return std::nullopt;
    if (parser.chunked() || parser.content_length().value_or(0) > 0)
        return std::nullopt;
    const auto& request = parser.get();
    const auto authorization = request[http::field::proxy_authorization];
    connect_request parsed;
    parsed.password = basic_password({authorization.data(), authorization.size()}).value_or("");
    parsed.target.assign(request.target().data(), request.target().size());
    if (request.method() == http::verb::connect)
        parsed.host = allowed_host(parsed.target);
    return parsed;
}

} // namespace ttsave::egress
