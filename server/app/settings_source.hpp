#pragma once

// The settings in force, and where they come from again.

#include "settings/load.hpp"

#include <functional>
#include <string>
#include <utility>

namespace ttsave::app {

/// Not thread-safe.
class settings_source {
public:
    using reader = std::function<settings::loaded()>;

    /// `first` is without problems, and what `read` has given.
    settings_source(settings::loaded first, reader read) : in_force_(std::move(first)), read_(std::move(read)) {}

    const settings::settings& in_force() const { return in_force_.values; }

    /// Reads the settings again; those that can change while the server runs are in force then, and the log names
    /// the others that were changed. Where anything is wrong, the log says what, everything stays in force as it was,
    /// and false is returned. Blocks.
    bool reload();

    /// The settings that the last `reload` has changed, for the log.
    const std::string& changed() const { return changed_; }

private:
    settings::loaded in_force_;
    const reader read_;
    std::string changed_;
};

} // namespace ttsave::app
