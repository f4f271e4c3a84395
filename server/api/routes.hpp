#pragma once

// Which endpoint is where. Source: shared contract, "Endpoints".

#include "api/download.hpp"
#include "http/router.hpp"

#include <string>

namespace ttsave::api {

/// All endpoints below `base_path` (no slash at its end; may be empty), and /ping. `downloads` must outlive the router;
/// `admit` is asked before each of them.
http::router make_routes(const std::string& base_path, const download& downloads, http::guard admit);

} // namespace ttsave::api
