#include "app/settings_source.hpp"

#include "settings/reload.hpp"

#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <utility>
#include <vector>

namespace ttsave::app {

namespace {

std::string listed(const std::vector<std::string>& keys)
{
    return keys.empty() ? "none" : fmt::format("{}", fmt::join(keys, ", "));
}

} // namespace

bool settings_source::reload()
{
    auto found = settings::reload(in_force_, read_());
    for (const auto& problem : found.in_force.problems)
        spdlog::error("settings: {}", problem);
    if (!found.in_force.problems.empty()) {
        spdlog::error("nothing is reloaded: the settings, keys and extractors of before stay in force");
        return false;
    }
    if (!found.deferred.empty())
        spdlog::warn("settings that were changed and need a restart: {}", listed(found.deferred));
    in_force_ = std::move(found.in_force);
    changed_ = listed(found.changed);
    return true;
}

} // namespace ttsave::app
