#pragma once

// Error bodies as FastAPI words them. Pure functions.
// Source: shared contract, "Errors".

#include "http/message.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ttsave::http {

/// One entry of a 422, as pydantic 1 gives it.
struct validation_entry {
    std::vector<std::variant<std::string, std::int64_t>> loc;
    std::string msg;
    std::string type;
};

/// `{"detail":DETAIL}`, with `"code":CODE` when `code` is not empty.
response error_response(status code_number, std::string_view detail, std::string_view code = {});

/// `{"message":"Validation Error","detail":[...]}`, status 422.
response validation_error(const std::vector<validation_entry>& entries);

/// `{"message":"Internal Server Error","detail":"Error: REASON"}`, status 500, with `"code":CODE` when `code` is not
/// empty. `reason` must tell no path or secret.
response internal_error(std::string_view reason, std::string_view code = {});

/// 503 with Retry-After.
response service_unavailable();

} // namespace ttsave::http
