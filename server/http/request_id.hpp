#pragma once

// Names a request, in its answer and in every log that has to do with it.

#include <string>
#include <string_view>

namespace ttsave::http {

/// In which clients and proxies may name their request, and learn its name.
inline constexpr std::string_view request_id_field = "X-Request-Id";

/// Twelve hexadecimal digits; one in 2^48 is met twice. No secret. Thread-safe.
std::string request_id();

/// Whether somebody else's id may be used: 1 to 64 letters, digits and ._- in ASCII, so that it is one word in any log.
bool is_request_id(std::string_view text);

} // namespace ttsave::http
