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

/// What `detail` says of the errors that this room answers by itself, for a `code_number` that is one of theirs: 400,
/// 404, 405, 413, 414, 417, 431 and 503.
std::string_view own_detail(status code_number) noexcept;
response own_error(status code_number);

/// What a client learns of a bug.
inline constexpr std::string_view unexpected_reason = "unexpected failure, see the server's log";

} // namespace ttsave::http
