#pragma once

// How an extractor process is started.

#include "extraction/worker_process.hpp"
#include "settings/settings.hpp"

namespace ttsave::app {

/// The command for the chosen Python and extractor package. Its environment holds nothing of ours but what it needs.
child_command extractor_command(const settings::settings& chosen);

} // namespace ttsave::app
