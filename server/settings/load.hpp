#pragma once

// Collects the settings from where an operator can write them. The only place that looks at the environment.

#include "settings/settings.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ttsave::settings {

/// What the command line asks for besides settings.
enum class task {
    serve,
    help,
    version,
    check_config,
    print_config,
    print_setting,
    generate_key,
    healthcheck,
    try_extractor
};

struct loaded {
    settings values;
    task wanted = task::serve;
    std::string about; ///< what the task is given: a setting for print_setting, a name for generate_key, a path
    /// How each value was written, or its default, by the setting's key.
    std::map<std::string, std::string, std::less<>> texts;
    std::vector<std::string> problems; ///< every mistake there is, a sentence each, with where it stands
};

/// Reads the command line (without the program's name), then the environment, then the file that either names as
/// `config`; what is read earlier counts. `environment`: "NAME=value" each; a name that begins with TTSAVE_ and means
/// nothing is a problem too.
loaded load(const std::vector<std::string>& arguments, const std::vector<std::string>& environment);

/// The text of --help.
std::string help();

/// The example configuration: every setting, commented, with unit, default and bounds.
std::string example_config();

} // namespace ttsave::settings
