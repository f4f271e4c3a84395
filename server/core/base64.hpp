#pragma once

// Standard Base64 (RFC 4648 section 4): with padding, without line breaks. Thread-safe.

#include <string>
#include <string_view>

namespace ttsave {

std::string base64_encode(std::string_view bytes);

} // namespace ttsave
