#pragma once

// The operator's proxies as they are written down (proxies_file): a URL a line, comments behind a #, empty lines.

#include "core/proxy_url.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::net {

struct listed_proxy {
    proxy_url url;
    std::string name; ///< for people: without credentials, so with its line where several may have one address
};

/// A problem tells every wrong line by its number, and repeats none: there may be a password in it.
using proxies_or_problem = boost::system::result<std::vector<listed_proxy>, std::string>;

/// More are a mistake.
inline constexpr std::size_t most_proxies = 1000;

/// A comment begins with a # at the beginning of a line or behind white space: there may be one in a URL. A URL that
/// stands there twice, and a list without any, are mistakes too.
proxies_or_problem parse_proxies(std::string_view text);

/// The same of a file of at most 1 MiB. The problem names the path. Blocks.
proxies_or_problem read_proxies(const std::string& path);

} // namespace ttsave::net
