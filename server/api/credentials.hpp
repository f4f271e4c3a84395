#pragma once

// Where a client's key stands in its request. Pure functions.

#include <boost/beast/http/fields.hpp>

#include <string>
#include <vector>

namespace ttsave::api {

/// What the request shows that may be a key: the token of `Authorization: Bearer` (RFC 6750 section 2.1), the password
/// of `Authorization: Basic` (RFC 7617), which is where the user info of a URL gets, and `X-API-Key`. At most 4.
std::vector<std::string> shown_secrets(const boost::beast::http::fields& fields);

} // namespace ttsave::api
