#pragma once

// What the texts of some settings have to be. Pure functions.

#include <string_view>

namespace ttsave::settings {

/// Whether `text` can be the value of a User-Agent header: at most 512 printable ASCII characters, no space around
/// them.
bool is_user_agent(std::string_view text);

/// Whether `text` is what yt-dlp takes as --extractor-args, for its extractor of TikTok: at most 4096 printable ASCII
/// characters, none or "tiktok:" and then KEY=VALUES, separated by semicolons. yt-dlp itself takes nearly any text, and
/// an extractor's name or a key that is misspelt would have no effect that anybody notices; what keys there are, only
/// yt-dlp knows.
bool are_extractor_arguments(std::string_view text);

} // namespace ttsave::settings
