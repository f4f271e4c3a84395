#pragma once

// The encoding of every text that crosses the server's edges. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace ttsave {

/// The number of bytes, 1 to 4, of the well-formed UTF-8 sequence that `text` begins with (RFC 3629 section 4); 0 if
/// it begins with anything else. `text` is not empty.
std::size_t utf8_length(std::string_view text);

/// `text` with U+FFFD in the place of each byte that is not part of well-formed UTF-8.
std::string valid_utf8(std::string_view text);

} // namespace ttsave
