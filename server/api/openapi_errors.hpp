#pragma once

// The errors' part of /openapi.json: responses by status, made of the error table. Pure functions.

#include "api/error_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <vector>

namespace ttsave::api {

/// `components.examples`: the body of each error, by its name, as the server sends it.
boost::json::object error_examples();

/// `components.responses`: those that any request may get, and what is answered where there is no endpoint.
boost::json::object shared_error_responses();

/// The error responses of an operation, by status, which may fail for any of `reasons`, and unexpectedly.
boost::json::object error_responses(const std::vector<asked_for>& reasons, bool needs_key);

/// The codes that errors of such a body may have.
boost::json::array codes_worded_as(wording worded);

} // namespace ttsave::api
