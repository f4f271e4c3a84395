#include "http/client_address.hpp"

#include "http/characters.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace ttsave::http {

namespace asio = boost::asio;
using asio::ip::address;

namespace {

/// Some proxies add the port: "192.0.2.1:1234", "[2001:db8::1]:1234".
std::optional<address> parse_node(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        return end == std::string_view::npos ? std::nullopt : parse_address(text.substr(1, end - 1));
    }
    const auto colon = text.find(':');
    const bool has_port = colon != std::string_view::npos && colon == text.rfind(':');
    return parse_address(has_port ? text.substr(0, colon) : text);
}

/// The elements of all X-Forwarded-For fields, from the first to the last.
std::vector<std::string_view> forwarded_for(const boost::beast::http::fields& fields)
{
    std::vector<std::string_view> nodes;
    const auto [begin, end] = fields.equal_range("X-Forwarded-For");
    for (auto field = begin; field != end; ++field) {
        std::string_view rest(field->value().data(), field->value().size());
        for (auto comma = rest.find(','); comma != std::string_view::npos; comma = rest.find(',')) {
            nodes.push_back(rest.substr(0, comma));
            rest.remove_prefix(comma + 1);
        }
        nodes.push_back(rest);
    }
    return nodes;
}

} // namespace

address client_address(const address& peer, const boost::beast::http::fields& fields, const ip_networks& trusted)
{
    auto client = unmapped(peer);
    if (!contains(trusted, client))
        return client;
    const auto nodes = forwarded_for(fields);
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
        const auto before = parse_node(*node);
        if (!before)
            break;
        client = unmapped(*before);
        if (!contains(trusted, client))
            break;
    }
    return client;
}

} // namespace ttsave::http
