#pragma once

// What the links of canary_urls have to be.

#include "settings/settings.hpp"

#include <optional>
#include <string>

namespace ttsave::app {

/// A sentence about the first link that does not lead to a post; nothing if all do. Reaches for nothing: where a short
/// link leads, only TikTok knows.
std::optional<std::string> canary_problem(const settings::settings& chosen);

} // namespace ttsave::app
