#pragma once

// Which yt-dlp an extractor process is started with.

#include "core/child_process.hpp"

#include <filesystem>
#include <string>

namespace ttsave::extraction {

/// A link to the one to use: a folder that holds the package yt_dlp, or a zip or wheel of one. Where there is no such
/// link, or it leads nowhere, processes use the yt-dlp that their Python has.
///
/// Not thread-safe. Its calls touch the disk, a few names each.
class version_link {
public:
    /// `link` may be the version itself as well; empty: there is none.
    explicit version_link(std::filesystem::path link) : link_(std::move(link)) {}

    /// The version's own path; nothing if there is none, and then `problem` says what is wrong, if anything is.
    std::filesystem::path find(std::string& problem) const;

    /// Has `command` use the version that the link leads to now, by its own name: a process that loads modules as it
    /// needs them must not find those of another version when the link is switched. Logs what has changed since the
    /// last call.
    void apply_to(child_command& command);

private:
    std::filesystem::path link_;
    std::string last_said_;
};

} // namespace ttsave::extraction
