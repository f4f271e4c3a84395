#pragma once

// Standard Base64 (RFC 4648 section 4): with padding, without line breaks. Thread-safe.

#include <optional>
#include <string>
#include <string_view>

namespace ttsave {

std::string base64_encode(std::string_view bytes);

/// Nothing for what is not Base64.
std::optional<std::string> base64_decode(std::string_view text);

} // namespace ttsave
