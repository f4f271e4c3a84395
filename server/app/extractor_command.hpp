#pragma once

// How an extractor process is started.

#include "core/child_process.hpp"
#include "settings/settings.hpp"

#include <cstdint>
#include <optional>

namespace ttsave::app {

/// The command for the chosen Python and extractor package. Its environment holds nothing of ours but what it needs;
/// it can read its own code and the configured files, write nowhere, and use the sockets that it is handed, or those
/// that it connects to `gate_port` (egress::gate::port).
child_command extractor_command(const settings::settings& chosen, std::optional<std::uint16_t> gate_port);

} // namespace ttsave::app
