#pragma once

// What `ttsave-server --healthcheck` does, for container engines and whoever else looks after a server.

#include "settings/settings.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace ttsave::app {

/// Asks the server that `chosen` describes for GET /healthz: at the address it listens on, over loopback where that is
/// any address. Returns nothing if it answers 200 within `patience`, else one sentence that says what is wrong. Blocks
/// for `patience` at most; any number of threads may ask at a time.
std::optional<std::string> health_problem(const settings::settings& chosen,
                                          std::chrono::milliseconds patience = std::chrono::seconds(4));

} // namespace ttsave::app
