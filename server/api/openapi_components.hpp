#pragma once

// The reusable part of /openapi.json: what bodies and headers look like. Pure functions.

#include <boost/json/object.hpp>

namespace ttsave::api {

/// `components`; `needs_key`: with the ways in which a key is shown.
boost::json::object openapi_components(bool needs_key);

} // namespace ttsave::api
