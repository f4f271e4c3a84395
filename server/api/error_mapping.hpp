#pragma once

// The answers to requests that fail: what HTTP makes of a row of the error table. Pure functions.
// Source: shared contract, "Errors".

#include "api/error_table.hpp"
#include "core/errc.hpp"
#include "http/error_response.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace ttsave::api {

/// The response to a request that failed with `failure` before its header left.
http::response failure_response(const error_code& failure);

/// The response to a request that failed so; for the faults of a download's body, validation_answer() has it.
http::response error_answer(fault name);

/// What a 422 lists.
using invalid = http::validation_entry;

/// What is wrong with the body's value at `key`.
invalid invalid_value(fault name, std::string_view key);
/// What is wrong with the body as a whole.
invalid invalid_body(fault name);
/// The body is not JSON from `position` on (in characters); `message` says why.
invalid invalid_json(std::size_t position, std::string_view message);

/// The 422 that lists `entries`, which are not empty.
http::response validation_answer(const std::vector<invalid>& entries);

} // namespace ttsave::api
