#pragma once

// Every way in which what a client sends can fail to be a request, and the status that says so.
// Thread-safe: constants only.

#include "core/errc.hpp"
#include "http/message.hpp"

#include <boost/system/error_code.hpp>

namespace ttsave::http {

enum class request_error {
    // Lines
    bare_line_break = 1, ///< a CR or an LF that is not half of a CRLF (RFC 9112 section 2.2)
    control_character,   ///< NUL, DEL and the like (RFC 9110 section 5.5)
    truncated,           ///< the connection ended within the request (RFC 9112 section 8)
    not_understood,      ///< refused by Beast's parser, although it has passed our own check

    // The request line
    malformed_request_line, ///< not method SP target SP version (RFC 9112 section 3)
    malformed_target,       ///< no target by RFC 3986, or with a fragment or user information
    misplaced_target,       ///< `*` without OPTIONS, an authority without CONNECT (RFC 9112 section 3.2)
    target_too_long,        ///< the request line alone is longer than a head may be (RFC 9110 section 15.5.15)
    unknown_version,        ///< not HTTP/1 (RFC 9112 section 2.3)

    // Fields
    malformed_field, ///< no colon, no token before it, or a blank between the two (RFC 9112 section 5.1)
    folded_field,    ///< a line that begins with a blank (RFC 9112 sections 2.2 and 5.2)
    too_many_fields,
    head_too_large,
    missing_host,
    repeated_host,
    malformed_host,
    repeated_content_type, ///< two that may disagree, of which one counts (RFC 9110 section 5.3)
    malformed_connection,  ///< not a list of tokens (RFC 9110 section 7.6.1)
    unknown_expectation,   ///< other than 100-continue (RFC 9110 section 10.1.1)

    // Framing (RFC 9112 sections 6.1 to 6.3)
    malformed_length,
    repeated_length, ///< the same value twice, too: whoever sends that has been confused by somebody
    unknown_coding,  ///< other than chunked, alone
    repeated_coding,
    coding_with_length,
    coding_in_http_1_0,

    // The body
    body_too_large,
    malformed_chunk_size,      ///< RFC 9112 section 7.1
    malformed_chunk_extension, ///< RFC 9112 section 7.1.1
    malformed_chunk_end,       ///< data that is not followed by CRLF
    malformed_trailer,         ///< RFC 9112 section 7.1.2
    forbidden_trailer,         ///< one that would change the framing or the routing (RFC 9110 section 6.5.1)
    chunk_overhead,            ///< too much in extensions and trailers (RFC 9112 section 7.1.1)
};

/// The category of these errors; message() is a word or two for the log.
const boost::system::error_category& request_category() noexcept;

error_code make_error_code(request_error value) noexcept;

/// The status of the answer to a request that fails so. Where RFC 9112 would have a 501 or 505, this server says 400:
/// docs/http1.md.
status status_of(request_error value) noexcept;

} // namespace ttsave::http

namespace boost::system {
template <>
struct is_error_code_enum<ttsave::http::request_error> : std::true_type {
};
} // namespace boost::system
