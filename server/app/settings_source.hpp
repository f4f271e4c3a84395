#pragma once

// The settings in force, and where they come from again.

#include "settings/load.hpp"

#include <functional>
#include <utility>

namespace ttsave::app {

/// Not thread-safe.
class settings_source {
public:
    using reader = std::function<settings::loaded()>;

    /// `first` is without problems, and what `read` has given.
    settings_source(settings::loaded first, reader read) : in_force_(std::move(first)), read_(std::move(read)) {}

    const settings::settings& in_force() const { return in_force_.values; }

    /// Reads the settings again; those that can change while the server runs are in force then. The log names them, and
    /// those that need a restart. Where anything is wrong, the log says what, everything stays in force as it was, and
    /// false is returned. Blocks.
    bool reload();

private:
    settings::loaded in_force_;
    const reader read_;
};

} // namespace ttsave::app
