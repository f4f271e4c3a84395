#pragma once

// The text of a response's head (RFC 9112 section 4).

#include "http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace ttsave::http {

/// How a client is to find the body's end (RFC 9112 section 6.3).
struct chunked {};
struct until_close {};
struct no_body {};                                                          ///< none, by the status
using framing = std::variant<std::uint64_t, chunked, until_close, no_body>; ///< a number is the Content-Length

struct response_head {
    http::status status = http::status::ok;
    std::string_view content_type; ///< empty: none is told
    const field_list& fields;      ///< further ones
    framing body;
    unsigned version = 11; ///< of the request: 10 or 11
    bool keep_alive = true;
    const field_list* further_fields = nullptr; ///< and these, if any
    std::string_view request_id{};              ///< empty: there was no request
};

/// Appends the head with the empty line at its end. Values must hold no line breaks.
void append(std::string& to, const response_head& head);

} // namespace ttsave::http
