#pragma once

// Names a request in the log.

#include <string>

namespace ttsave::http {

/// Twelve hexadecimal digits; one in 2^48 is met twice. No secret. Thread-safe.
std::string request_id();

} // namespace ttsave::http
