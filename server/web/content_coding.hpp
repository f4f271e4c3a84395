#pragma once

// Which coding of a file a client would rather have (RFC 9110 section 12.5.3). A pure function.

#include <string_view>

namespace ttsave::web {

enum class content_coding { identity, gzip };

/// `accepted`: the Accept-Encoding field's value, its lines joined by commas; empty where there is none.
///
/// A client that weighs both alike gets gzip. One that accepts neither gets identity rather than a 406, which the RFC
/// leaves to the server. Members that are not in the grammar count for nothing.
content_coding preferred_coding(std::string_view accepted);

} // namespace ttsave::web
