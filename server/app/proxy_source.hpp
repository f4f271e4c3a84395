#pragma once

// Where the proxies come from, at the start and later.

#include "net/proxy_rotation.hpp"
#include "settings/settings.hpp"

#include <string>

namespace ttsave::app {

/// One call at a time. `rotation` must outlive it.
class proxy_source {
public:
    proxy_source(const settings::settings& chosen, net::proxy_rotation& rotation)
        : proxy_(chosen.proxy), path_(chosen.proxies_file), rotation_(rotation)
    {
    }

    /// Reads the proxies for the first time. Throws std::runtime_error with the problem if the file is bad: TikTok is
    /// not to be shown an address by mistake. Blocks.
    void load();

    /// Reads them again. If the file is bad now, the log says why, and the proxies of before are used on. Blocks.
    void reload();

private:
    const std::string proxy_;
    const std::string path_;
    net::proxy_rotation& rotation_;
};

} // namespace ttsave::app
