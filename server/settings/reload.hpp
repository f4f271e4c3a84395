#pragma once

// What becomes of settings that are changed while the server runs.

#include "settings/load.hpp"

#include <string>
#include <vector>

namespace ttsave::settings {

struct reloaded {
    loaded in_force;                   ///< what was before, with the changes that take effect now
    std::vector<std::string> changed;  ///< the keys of those
    std::vector<std::string> deferred; ///< the keys of changes that count from the next start on
};

/// All or nothing: where `read` or the result has problems, `in_force.problems` has them, and the rest means nothing.
/// What counts as changed is how a value is written. May block: settings that are files are looked for.
reloaded reload(const loaded& before, const loaded& read);

} // namespace ttsave::settings
