#include "app/proxy_source.hpp"

#include <spdlog/spdlog.h>

#include <stdexcept>
#include <utility>

namespace ttsave::app {

void proxy_source::load()
{
    if (path_.empty()) {
        if (auto url = proxy_url::parse(proxy_))
            rotation_.replace({{*url, url->address()}});
        return;
    }
    auto proxies = net::read_proxies(path_);
    if (!proxies)
        throw std::runtime_error("proxies_file: " + proxies.error());
    const auto count = proxies->size();
    rotation_.replace(std::move(*proxies));
    spdlog::info("{} proxies of {} are used in turn", count, path_);
}

void proxy_source::reload()
{
    try {
        if (!path_.empty())
            load();
    } catch (const std::runtime_error& problem) {
        spdlog::error("{}; the proxies of before are used on", problem.what());
    }
}

} // namespace ttsave::app
