#pragma once

// How parts of /openapi.json name its components (OpenAPI 3.1, "Reference Object").

#include <boost/json/object.hpp>

#include <string>

namespace ttsave::api {

/// A reference to `to` below `#/components/`, as in "schemas/Error".
inline boost::json::object reference(const std::string& to)
{
    return {{"$ref", "#/components/" + to}};
}

} // namespace ttsave::api
