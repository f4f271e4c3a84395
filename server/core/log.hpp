#pragma once

// Sets up the process's log. The rooms log through spdlog's default logger; nothing else is shared.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ttsave {

/// The process's log, for as long as this object lives: spdlog's default logger writes to standard error. Make one,
/// before any other thread starts; what has been logged is written when it is destroyed.
///
/// A thread of its own writes: whoever logs never waits for who reads the log. Where the reader is too slow, the oldest
/// lines are given up, and counted.
class log_session {
public:
    /// `level`: trace, debug, info, warning or error; `json`: one object a line (`time`, `level`, `message`, and the
    /// members of log_line) instead of text.
    log_session(std::string_view level, bool json);
    ~log_session();
    log_session(const log_session&) = delete;
    log_session& operator=(const log_session&) = delete;
};

/// How many lines have been given up since the start. Thread-safe.
std::size_t lost_log_lines();

/// A line of the log, of level info, whose parts programs can tell apart: members of the object in JSON,
/// `name=value` in text. A value that could be taken for more than one part, or for none, is quoted there.
///
/// Not thread-safe. Nothing is to be added when nobody will read it: see `is_wanted`.
class log_line {
public:
    static bool is_wanted();

    /// `message`: what JSON says the line is about; text goes without.
    explicit log_line(std::string_view message);

    log_line& add(std::string_view name, std::string_view value);
    log_line& add(std::string_view name, std::uint64_t value);
    /// What text shows without its name.
    log_line& add_plain(std::string_view name, std::string_view value);
    /// A flag that is up: `true` in JSON, its name in text.
    log_line& add_flag(std::string_view name);

    void write() const;

private:
    void begin(std::string_view name);
    void append(std::string_view value);

    std::string parts_;
};

/// Changes the level of a log that has been started. Thread-safe.
void set_log_level(std::string_view level);

} // namespace ttsave
