#pragma once

// Unguessable short texts: request ids, boundaries. Thread-safe.

#include <cstddef>
#include <string>

namespace ttsave {

/// `bytes` random bytes of the kernel (getrandom) as lower-case hexadecimal digits, two a byte.
std::string random_token(std::size_t bytes);

} // namespace ttsave
