#pragma once

// Reads a JSON document the way the original server's Python did, errors and all. Pure functions.
// Why not the library's own errors: clients see pydantic 1's wording and positions (shared contract, "Errors").

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace ttsave::api {

/// Where and why a text is not JSON, worded as Python's json module does.
struct json_error {
    std::string message;      ///< "Expecting value: line 1 column 1 (char 0)"
    std::size_t position = 0; ///< in characters, not bytes
};

/// Levels of arrays and objects within each other; more is an error ("Nesting too deep").
inline constexpr std::size_t max_json_depth = 64;

/// Parses UTF-8 `text`. As Python: a byte order mark is skipped, NaN and Infinity are numbers (read as 0 here: nothing
/// this server reads is a number), of equal keys the last counts. Other than Python: lone surrogate escapes and bytes
/// that are not UTF-8 are errors, since no URL can hold them.
std::variant<boost::json::value, json_error> parse_json(std::string_view text);

} // namespace ttsave::api
