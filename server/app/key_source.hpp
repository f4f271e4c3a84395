#pragma once

// Where the API keys come from, at the start and later.

#include "access/access_control.hpp"

#include <string>
#include <utility>

namespace ttsave::app {

/// One call at a time. `access` must outlive it.
class key_source {
public:
    /// `path` empty: there are no keys.
    key_source(std::string path, access::access_control& access) : path_(std::move(path)), access_(access) {}

    /// Reads the keys for the first time. Throws std::runtime_error with the problem if the file is bad: nobody is to
    /// be admitted by mistake. Blocks.
    void load();

    /// Reads them again. If the file is bad now, the log says why, and the keys of before stay in force. Blocks.
    void reload();

    /// Only says in the log what is wrong with the file, if anything is. Blocks.
    void check() const;

private:
    const std::string path_;
    access::access_control& access_;
};

} // namespace ttsave::app
