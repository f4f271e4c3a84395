#pragma once

// Request targets and hosts by RFC 9112 section 3.2 and RFC 3986. Pure functions; most calls allocate nothing.

#include "core/errc.hpp"

#include <string_view>

namespace ttsave::http {

enum class target_form {
    origin,    ///< `/path?query`
    absolute,  ///< `http://host/path?query`, and https
    authority, ///< `host:port`, of CONNECT
    asterisk,  ///< `*`, of OPTIONS
};

/// The form that `target` has. Errors: malformed_target, misplaced_target.
result<target_form> check_target(std::string_view method, std::string_view target);

/// Whether `value` is a Host field's: uri-host [":" port], not empty (RFC 9110 section 7.2). A comma, which a host's
/// name could have by its grammar, is taken for two hosts that somebody has joined.
bool is_host(std::string_view value);

} // namespace ttsave::http
