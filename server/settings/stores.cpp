#include "settings/stores.hpp"

#include "core/proxy_url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <sstream>
#include <system_error>
#include <utility>

namespace ttsave::settings {

outcome parse_number(const std::string& text, std::uint64_t least, std::uint64_t most, std::uint64_t& value)
{
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        return "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    return std::nullopt;
}

store_function seconds(std::chrono::seconds settings::*member, std::uint64_t least, std::uint64_t most)
{
    return [=](settings& into, const std::string& text) {
        std::uint64_t value = 0;
        auto problem = parse_number(text, least, most, value);
        if (!problem)
            into.*member = std::chrono::seconds(value);
        return problem;
    };
}

outcome store_address(settings& into, const std::string& text)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address(text, ec);
    if (ec)
        return "must be an IPv4 or IPv6 address";
    into.address = text;
    return std::nullopt;
}

outcome store_base_path(settings& into, const std::string& text)
{
    std::string path = text;
    while (path.ends_with('/'))
        path.pop_back();
    const bool is_plain = std::all_of(path.begin(), path.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '/' || c == '-' || c == '_' || c == '.' || c == '~';
    });
    if ((!path.empty() && path.front() != '/') || !is_plain || path.find("//") != std::string::npos)
        return "must be a path that begins with / and consists of letters, digits and -_.~";
    into.base_path = path;
    return std::nullopt;
}

outcome store_cache_dir(settings& into, const std::string& text)
{
    if (text.empty() || text.front() != '/')
        return "must be an absolute path";
    into.cache_dir = text;
    return std::nullopt;
}

store_function program(std::string settings::*member)
{
    return [=](settings& into, const std::string& text) -> outcome {
        if (text.empty())
            return "must be a program's name or path";
        into.*member = text;
        return std::nullopt;
    };
}

store_function absolute_path(std::filesystem::path settings::*member)
{
    return [=](settings& into, const std::string& text) -> outcome {
        if (!text.empty() && text.front() != '/')
            return "must be an absolute path";
        into.*member = text;
        return std::nullopt;
    };
}

outcome store_canary_interval(settings& into, const std::string& text)
{
    std::uint64_t value = 0;
    const auto problem = parse_number(text, 0, 604'800, value);
    if (problem || (value > 0 && value < 10))
        return "must be 0 or a whole number from 10 to 604800";
    into.canary_interval = std::chrono::seconds(value);
    return std::nullopt;
}

outcome store_canary_urls(settings& into, const std::string& text)
{
    constexpr std::size_t most = 20; // each takes an extractor for a second or so
    std::string spaced = text;
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    std::istringstream words(spaced);
    std::vector<std::string> links{std::istream_iterator<std::string>(words), {}};
    if (links.size() > most)
        return "must be at most 20 links, separated by spaces or commas";
    into.canary_urls = std::move(links);
    return std::nullopt;
}

outcome store_proxy(settings& into, const std::string& text)
{
    if (!text.empty() && !proxy_url::parse(text))
        return std::string(proxy_url::form);
    into.proxy = text;
    return std::nullopt;
}

store_function text(std::string settings::*member, bool (*is_right)(std::string_view), std::string problem)
{
    return [=](settings& into, const std::string& value) -> outcome {
        if (!is_right(value))
            return problem;
        into.*member = value;
        return std::nullopt;
    };
}

outcome store_trusted_proxies(settings& into, const std::string& text)
{
    ip_networks networks;
    std::istringstream list(text);
    for (std::string each; std::getline(list, each, ',');) {
        const auto begin = each.find_first_not_of(' ');
        const auto network = begin == std::string::npos
                                 ? std::nullopt
                                 : ip_network::parse(each.substr(begin, each.find_last_not_of(' ') + 1 - begin));
        if (!network)
            return "must be networks such as 10.0.0.0/8, separated by commas";
        networks.push_back(*network);
    }
    into.trusted_proxies = std::move(networks);
    return std::nullopt;
}

store_function readable_file(std::string settings::*member)
{
    return [=](settings& into, const std::string& text) -> outcome {
        std::error_code ec;
        if (!text.empty() && (text.front() != '/' || !std::filesystem::is_regular_file(text, ec)))
            return "must be the absolute path of a file that exists";
        into.*member = text;
        return std::nullopt;
    };
}

store_function one_of(std::vector<std::string> values, std::function<void(settings&, const std::string&)> store)
{
    return [values = std::move(values), store = std::move(store)](settings& into, const std::string& text) -> outcome {
        if (std::find(values.begin(), values.end(), text) == values.end()) {
            std::string all;
            for (const auto& value : values)
                all += (all.empty() ? "" : ", ") + value;
            return "must be one of " + all;
        }
        store(into, text);
        return std::nullopt;
    };
}

} // namespace ttsave::settings
