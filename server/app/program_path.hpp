#pragma once

// Where a program that a setting names is.

#include <string>

namespace ttsave::app {

/// `name` itself if it is a path; else where PATH has it, or `name` where it has not.
std::string program_path(const std::string& name);

} // namespace ttsave::app
