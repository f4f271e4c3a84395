#pragma once

// Whether a client has a representation already (RFC 9110 sections 8.8.3 and 13.1.2). A pure function.

#include <string_view>

namespace ttsave::web {

/// Whether `listed`, an If-None-Match field's value with its lines joined by commas, holds `etag` by weak comparison,
/// or is `*`. What comes behind something that is no entity tag does not count.
bool lists_tag(std::string_view listed, std::string_view etag);

} // namespace ttsave::web
