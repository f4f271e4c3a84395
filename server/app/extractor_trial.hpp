#pragma once

// What `ttsave-server --try-extractor` does: whether a yt-dlp would work here, before any client depends on it.

#include "settings/settings.hpp"

#include <filesystem>
#include <iosfwd>

namespace ttsave::app {

/// Starts one extractor process that uses the yt-dlp at `path` (a folder, a wheel or a zip), in the same box and by the
/// same ways out as the server's own, and has it resolve every link of canary_urls. Listens nowhere and touches nothing
/// that is kept. Writes a line about the process, and one about each link, to `out`.
///
/// Returns whether the process became ready and no link failed as tiktok.blocked or extractor.failed: that a post is
/// gone, or TikTok slow, is no fault of yt-dlp's. Throws std::runtime_error for a bad proxies_file and for want of
/// descriptors. Blocks, for resolve_timeout a link and some seconds at most.
bool passes_trial(const settings::settings& chosen, const std::filesystem::path& path, std::ostream& out);

} // namespace ttsave::app
