#pragma once

// One hop on the way to a file: the source itself, or where a redirect of it leads. Pure functions.

#include "media/fetcher.hpp"
#include "net/web_url.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::media {

/// What is asked of which host.
struct hop {
    net::web_url url;
    std::vector<std::string> headers; ///< "Name: value"
    std::string cookies;
};

/// Nothing when the source's URL may not be asked for (web_url).
std::optional<hop> first_hop(const fetch_source& source, const net::web_scheme& scheme);

/// Where `location` leads, from an answer to `from`; nothing when it may not be asked for.
///
/// Another host, be it one of the same domain, is told what any browser tells anybody, and of the page only the origin
/// (the default of W3C's Referrer Policy): neither cookies nor credentials nor any other header of the source's. They
/// stay away when a later hop comes back.
std::optional<hop> next_hop(const hop& from, std::string_view location);

} // namespace ttsave::media
