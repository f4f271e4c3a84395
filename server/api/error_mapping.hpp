#pragma once

// What HTTP makes of a failure: the one place where an errc becomes a response.
// Source: shared contract, "Errors".

#include "core/errc.hpp"
#include "http/message.hpp"

namespace ttsave::api {

/// The response to a request that failed with `failure` before its header left.
http::response failure_response(const error_code& failure);

} // namespace ttsave::api
