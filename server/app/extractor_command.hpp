#pragma once

// How an extractor process is started.

#include "core/child_process.hpp"
#include "settings/settings.hpp"

namespace ttsave::app {

/// The command for the chosen Python and extractor package. Its environment holds nothing of ours but what it needs;
/// it can read its own code and the configured files, write nowhere, and use the sockets that it is handed.
child_command extractor_command(const settings::settings& chosen);

} // namespace ttsave::app
