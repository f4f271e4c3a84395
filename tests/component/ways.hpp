#pragma once

// Ways out for tests.

#include "net/proxy_rotation.hpp"

#include <memory>
#include <string>

namespace ttsave::test {

inline std::shared_ptr<net::proxy> proxy_at(const std::string& url)
{
    return std::make_shared<net::proxy>(net::listed_proxy{proxy_url::parse(url).value(), url});
}

inline net::route through(const std::string& url)
{
    return {proxy_at(url), net::route::clock::now()};
}

} // namespace ttsave::test
