#pragma once

// Sets up the process's log. The rooms log through spdlog's default logger; nothing else is shared.

#include <string_view>

namespace ttsave {

/// Sends spdlog's default logger to standard error. `level`: trace, debug, info, warning or error; `json`: one object
/// a line (`time`, `level`, `message`) instead of text. Call once, before any other thread starts.
void start_log(std::string_view level, bool json);

} // namespace ttsave
