#pragma once

// The line protocol spoken with an extractor process (extractor/PROTOCOL.md). No I/O: texts in, values out.

#include "core/errc.hpp"
#include "extraction/post.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace ttsave::extraction {

inline constexpr int protocol_version = 5;

/// A post with hundreds of sources stays far below; a longer line is babble.
inline constexpr std::size_t max_line_bytes = 1024 * 1024;

/// The process has imported yt-dlp and waits for jobs.
struct ready_event {
    std::string yt_dlp;
    std::string python;
};

/// The process cannot work, and ends: yt-dlp is missing, or too different from what the extractor knows.
struct unusable_event {
    std::string message;
};

struct post_event {
    std::uint64_t id;
    extraction::post post;
};

struct failed_event {
    std::uint64_t id;
    errc code;
    std::string message; ///< for the log only
};

using worker_event = std::variant<ready_event, unusable_event, post_event, failed_event>;

/// How the operator wants yt-dlp to work; empty texts want nothing.
struct extractor_options {
    std::string cookies_file;
    std::string user_agent;
    std::string extractor_args; ///< as yt-dlp's --extractor-args
};

/// The first line a process is told; `gate` is the URL of the proxy that it has, egress::gate::pass::proxy_url's.
std::string configure_line(const extractor_options& options, std::string_view gate);

std::string resolve_line(std::uint64_t id, std::string_view page_url, std::chrono::milliseconds timeout,
                         std::string_view request);

/// Parses one line (without its newline). Strict: a key that is unknown, missing or of another type, a number out of
/// range, a code that is not the contract's, another protocol version: each is boost::system::errc::protocol_error.
result<worker_event> parse_event(std::string_view line);

} // namespace ttsave::extraction
