#pragma once

// What an extractor asks of the gate, and where it may be led. Pure functions.

#include <optional>
#include <string>
#include <string_view>

namespace ttsave::egress {

/// A request as the gate reads it.
struct connect_request {
    std::string password;            ///< that of Basic credentials in Proxy-Authorization, or empty
    std::string target;              ///< as it stands there, for the log
    std::optional<std::string> host; ///< where it may go, on port 443, in lower case; nothing: nowhere
};

/// Reads `head`, an HTTP/1.x request up to and including its empty line (RFC 9112). A CONNECT (RFC 9110 section 9.3.6)
/// may go to port 443 of `tiktok.com`, `tiktokv.com` and the names below them, spelled as names; whatever else it says
/// counts for nothing, the Host field included. Nothing when this is no such head, or a body is to follow it.
std::optional<connect_request> parse_connect_request(std::string_view head);

} // namespace ttsave::egress
