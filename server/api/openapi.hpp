#pragma once

// GET /openapi.json: every endpoint, request key, answer and error, as OpenAPI 3.1 describes them. Made of the tables
// by which the server works, so that it cannot say anything else than the server does.

#include "api/about.hpp"
#include "http/router.hpp"

#include <boost/json/object.hpp>

namespace ttsave::api {

/// The document; its keys are always in the same order.
boost::json::object openapi_document(const server_facts& about);

http::immediate_handler make_openapi_page(const server_facts& about);

} // namespace ttsave::api
