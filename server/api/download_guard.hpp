#pragma once

// Keys and limits in terms of HTTP: who may ask for a download, and what the others are told.
// Source: shared contract, "Errors"; RFC 6585 section 4 (429); draft-ietf-httpapi-ratelimit-headers-07 (RateLimit-*).

#include "access/access_control.hpp"
#include "http/guard.hpp"

namespace ttsave::api {

/// `access` must outlive the guard.
http::guard make_download_guard(access::access_control& access);

} // namespace ttsave::api
