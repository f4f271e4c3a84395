#pragma once

// Which endpoint is where. Source: shared contract, "Endpoints".

#include "api/health.hpp"
#include "http/router.hpp"

#include <string>

namespace ttsave::api {

/// What the endpoints are made of.
struct endpoints {
    http::stream_handler download;
    http::guard admit; ///< asked before each download
    readiness find_out;
    http::immediate_handler metrics;
    http::guard look; ///< asked before metrics are shown
    http::immediate_handler about;
    http::immediate_handler document;
};

/// All endpoints below `base_path` (no slash at its end; may be empty), and those that are always where they are:
/// /ping, and what monitors expect at the root.
http::router make_routes(const std::string& base_path, endpoints served);

} // namespace ttsave::api
