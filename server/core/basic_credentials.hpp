#pragma once

// What a field like Authorization or Proxy-Authorization holds (RFC 9110 section 11). Pure functions.

#include <optional>
#include <string>
#include <string_view>

namespace ttsave {

/// What follows the name of the scheme in the field's value; nothing if it is of another scheme.
std::optional<std::string_view> credentials_of(std::string_view authorization, std::string_view scheme);

/// The password of Basic credentials (RFC 7617); nothing if the field's value is none of these.
std::optional<std::string> basic_password(std::string_view authorization);

} // namespace ttsave
