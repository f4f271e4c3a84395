#pragma once

// The encoding of every text that crosses the server's edges. Pure.

#include <cstddef>
#include <string_view>

namespace ttsave {

/// The number of bytes, 1 to 4, of the well-formed UTF-8 sequence that `text` begins with (RFC 3629 section 4); 0 if
/// it begins with anything else. `text` is not empty.
std::size_t utf8_length(std::string_view text);

} // namespace ttsave
