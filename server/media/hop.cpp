#include "media/hop.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace ttsave::media {
namespace {

constexpr std::array<std::string_view, 3> impersonal{"user-agent", "accept", "accept-language"};

/// The name of a header line, in lower case.
std::string name_of(std::string_view line)
{
    std::string name(line.substr(0, line.find(':')));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name;
}

/// Of "Referer: https://host/path" what comes before the path; empty when it has none.
std::string without_path(std::string_view referer)
{
    const auto authority = referer.find("://");
    const auto path = authority == std::string_view::npos ? authority : referer.find('/', authority + 3);
    return std::string(referer.substr(0, path == std::string_view::npos ? 0 : path + 1));
}

std::vector<std::string> for_strangers(const std::vector<std::string>& headers)
{
    std::vector<std::string> told;
    for (const auto& line : headers) {
        const auto name = name_of(line);
        if (std::find(impersonal.begin(), impersonal.end(), name) != impersonal.end())
            told.push_back(line);
        else if (std::string origin; name == "referer" && !(origin = without_path(line)).empty())
            told.push_back(std::move(origin));
    }
    return told;
}

} // namespace

std::optional<hop> first_hop(const fetch_source& source, const net::web_scheme& scheme)
{
    auto url = net::web_url::parse(source.url, scheme);
    if (!url)
        return std::nullopt;
    return hop{std::move(*url), source.headers, source.cookies};
}

std::optional<hop> next_hop(const hop& from, std::string_view location)
{
    auto url = from.url.redirect(location);
    if (!url)
        return std::nullopt;
    if (url->host() == from.url.host())
        return hop{std::move(*url), from.headers, from.cookies};
    return hop{std::move(*url), for_strangers(from.headers), {}};
}

} // namespace ttsave::media
