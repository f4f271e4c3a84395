#include "core/basic_credentials.hpp"

#include "core/base64.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace ttsave {

std::optional<std::string_view> credentials_of(std::string_view authorization, std::string_view scheme)
{
    // The scheme's name may be written in any case (RFC 9110 section 11.1).
    const auto space = authorization.find(' ');
    if (space == std::string_view::npos ||
        !boost::beast::iequals({authorization.data(), space}, {scheme.data(), scheme.size()}))
        return std::nullopt;
    authorization.remove_prefix(std::min(authorization.find_first_not_of(' ', space), authorization.size()));
    return authorization;
}

std::optional<std::string> basic_password(std::string_view authorization)
{
    const auto encoded = credentials_of(authorization, "Basic");
    const auto user_and_password = encoded ? base64_decode(*encoded) : std::nullopt;
    const auto colon = user_and_password ? user_and_password->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return std::nullopt;
    return user_and_password->substr(colon + 1);
}

} // namespace ttsave
