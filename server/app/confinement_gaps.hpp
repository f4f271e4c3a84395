#pragma once

// What of the box for child processes is missing here, for the operator.

#include "settings/settings.hpp"

namespace ttsave::app {

/// Logs a warning for each gap that this kernel or the choice of programs leaves.
void log_gaps_of_confinement(const settings::settings& chosen);

} // namespace ttsave::app
