#pragma once

// Keys and limits in terms of HTTP: who may ask for a download, and what the others are told.
// Source: shared contract, "Errors"; RFC 6585 section 4 (429); draft-ietf-httpapi-ratelimit-headers-07 (RateLimit-*).

#include "access/access_control.hpp"
#include "http/guard.hpp"

namespace ttsave::api {

/// Both: `access` must outlive the guard.
http::guard make_download_guard(access::access_control& access);

/// For what tells about the server itself: whoever has a key may look, or everybody where there are no keys.
http::guard make_look_guard(access::access_control& access);

} // namespace ttsave::api
