#pragma once

// The one table of settings: everything that is said about them anywhere (--help, the environment, the file, the
// example configuration) comes from here.

#include "settings/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::settings {

/// When a value that was changed while the server runs begins to count.
enum class takes_effect { on_restart, on_reload };

struct setting {
    std::string_view key; ///< as in the file; `TTSAVE_` and capitals in the environment, dashes on the command line
    std::string_view default_value; ///< as it would be written
    std::string_view bounds;        ///< unit and range, or the values there are
    std::string_view sentence;      ///< what it is for

    /// Stores `text` in its place; returns what is wrong with it otherwise.
    std::function<std::optional<std::string>(settings&, const std::string& text)> store;

    takes_effect when = takes_effect::on_restart;
};

const std::vector<setting>& table();

/// "--max-file-bytes" for "max_file_bytes", without the leading dashes.
std::string option_name(std::string_view key);

/// "TTSAVE_MAX_FILE_BYTES" for "max_file_bytes".
std::string environment_name(std::string_view key);

} // namespace ttsave::settings
