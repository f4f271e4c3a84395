#pragma once

// Whether a request's head is one by RFC 9112 and RFC 9110, and where its body will end. No I/O.

#include "core/errc.hpp"
#include "http/message.hpp"
#include "http/request_error.hpp"
#include "http/target_check.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ttsave::http {

/// Looks at a head as it comes in, each byte once, and refuses it at the first byte that is wrong. Allocates nothing.
///
/// Stricter than the RFCs let a server be where leniency has made two parsers disagree: only CRLF ends a line, fields
/// are not folded, Transfer-Encoding is `chunked` and nothing else, Content-Length is there once. docs/http1.md says
/// why.
class head_check {
public:
    /// `most_bytes`: what the head may have, with an empty line before it.
    explicit head_check(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    /// `received` is everything since the end of the last request, and begins as it did the last time. What is behind
    /// the head's end is not looked at. Errors: request_error. Not to be called again after one, nor when the head is
    /// complete.
    error_code look(std::string_view received);

    bool is_complete() const { return is_complete_; }

    /// Whether more than an empty line has come.
    bool has_begun() const { return line_ > begin_ || seen_ > line_; }

    /// The method, once the request line has been seen; verb::unknown before, and for methods nobody knows.
    verb method() const { return method_; }

    // Of a complete head.

    /// Where it begins and ends in what was received: an empty line before it is ignored (RFC 9112 section 2.2).
    std::size_t begin() const { return begin_; }
    std::size_t end() const { return line_; }

    /// HTTP/1.x for this x.
    unsigned minor_version() const { return minor_version_; }
    /// Where that digit is in what was received.
    std::size_t minor_version_at() const { return minor_version_at_; }

    /// How the body's end is found (RFC 9112 section 6.3); one without either has no body.
    bool is_chunked() const { return is_chunked_; }
    std::uint64_t content_length() const { return content_length_.value_or(0); }

    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 section 10.1.1).
    bool expects_continue() const { return expects_continue_; }

private:
    error_code check_line(std::string_view line);
    error_code check_request_line(std::string_view line);
    error_code check_version(std::string_view version);
    error_code check_field(std::string_view line);
    error_code check_value(std::string_view name, std::string_view value);
    error_code check_host(std::string_view value);
    error_code check_content_length(std::string_view value);
    error_code check_transfer_encoding(std::string_view value);
    error_code check_content_type();
    error_code check_expect(std::string_view value);
    error_code check_whole() const;
    error_code too_large(std::string_view received) const;

    const std::size_t most_bytes_;
    std::size_t seen_ = 0; // everything before is in the grammar of a line
    std::size_t line_ = 0; // where the line begins that is being received
    std::size_t begin_ = 0;
    bool has_request_line_ = false;
    bool is_complete_ = false;

    verb method_ = verb::unknown;
    target_form target_{};
    unsigned minor_version_ = 0;
    std::size_t minor_version_at_ = 0;
    unsigned fields_ = 0;
    bool has_host_ = false;
    bool has_empty_host_ = false;
    bool has_content_type_ = false;
    bool is_chunked_ = false;
    bool expects_continue_ = false;
    bool expects_otherwise_ = false;
    std::optional<std::uint64_t> content_length_;
};

} // namespace ttsave::http
