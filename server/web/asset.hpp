#pragma once

// The files of the page, as they are in the binary. Constants.

#include <span>
#include <string_view>

namespace ttsave::web {

/// A file's bytes in one content coding.
struct representation {
    std::string_view bytes;
    std::string_view etag; ///< strong, quotes included; of exactly these bytes
};

struct asset {
    std::string_view name; ///< in the folder of the built page: "index.html", "assets/page-2f9c.js"
    std::string_view media_type;
    representation plain;
    representation gzip; ///< no bytes where they would be no fewer
};

/// What the build has put in; nothing where the server was built without the page (page.cmake).
std::span<const asset> embedded_assets();

} // namespace ttsave::web
