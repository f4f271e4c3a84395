#pragma once

// How an extractor process is started.

#include "core/child_process.hpp"
#include "settings/settings.hpp"

#include <cstdint>

namespace ttsave::app {

/// The command for the chosen Python and extractor package. Its environment holds nothing of ours but what it needs;
/// it can read its own code and the configured files, write nowhere, and connect to `gate_port`, that of the egress
/// gate, and no other.
child_command extractor_command(const settings::settings& chosen, std::uint16_t gate_port);

} // namespace ttsave::app
