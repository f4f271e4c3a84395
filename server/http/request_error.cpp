#include "http/request_error.hpp"

#include <string>

namespace ttsave::http {

namespace {

/// A switch, so that a new value does not compile without its words.
const char* words_for(request_error value)
{
    switch (value) {
    case request_error::bare_line_break: return "bare-line-break";
    case request_error::control_character: return "control-character";
    case request_error::truncated: return "truncated";
    case request_error::not_understood: return "not-understood";
    case request_error::malformed_request_line: return "malformed-request-line";
    case request_error::malformed_target: return "malformed-target";
    case request_error::misplaced_target: return "misplaced-target";
    case request_error::target_too_long: return "target-too-long";
    case request_error::unknown_version: return "unknown-version";
    case request_error::malformed_field: return "malformed-field";
    case request_error::folded_field: return "folded-field";
    case request_error::too_many_fields: return "too-many-fields";
    case request_error::head_too_large: return "head-too-large";
    case request_error::missing_host: return "missing-host";
    case request_error::repeated_host: return "repeated-host";
    case request_error::malformed_host: return "malformed-host";
    case request_error::repeated_content_type: return "repeated-content-type";
    case request_error::malformed_connection: return "malformed-connection";
    case request_error::unknown_expectation: return "unknown-expectation";
    case request_error::malformed_length: return "malformed-length";
    case request_error::repeated_length: return "repeated-length";
    case request_error::unknown_coding: return "unknown-coding";
    case request_error::repeated_coding: return "repeated-coding";
    case request_error::coding_with_length: return "coding-with-length";
    case request_error::coding_in_http_1_0: return "coding-in-http-1.0";
    case request_error::body_too_large: return "body-too-large";
    case request_error::malformed_chunk_size: return "malformed-chunk-size";
    case request_error::malformed_chunk_extension: return "malformed-chunk-extension";
    case request_error::malformed_chunk_end: return "malformed-chunk-end";
    case request_error::malformed_trailer: return "malformed-trailer";
    case request_error::forbidden_trailer: return "forbidden-trailer";
    case request_error::chunk_overhead: return "chunk-overhead";
    }
    return "unknown";
}

class category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "ttsave.http.request"; }
    std::string message(int value) const override { return words_for(static_cast<request_error>(value)); }
};

} // namespace

const boost::system::error_category& request_category() noexcept
{
    static const category instance;
    return instance;
}

error_code make_error_code(request_error value) noexcept
{
    return {static_cast<int>(value), request_category()};
}

status status_of(request_error value) noexcept
{
    switch (value) {
    case request_error::body_too_large: return status::payload_too_large;
    case request_error::target_too_long: return status::uri_too_long;
    case request_error::unknown_expectation: return status::expectation_failed;
    case request_error::too_many_fields:
    case request_error::head_too_large: return status::request_header_fields_too_large;
    default: return status::bad_request;
    }
}

} // namespace ttsave::http
