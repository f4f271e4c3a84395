#include "api/credentials.hpp"

#include "core/base64.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>

#include <optional>
#include <string_view>

namespace ttsave::api {

namespace beast = boost::beast;

namespace {

constexpr std::size_t most_secrets = 4;

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

/// What follows a scheme, whose name may be written in any case (RFC 9110 section 11.1).
std::optional<std::string_view> credentials_of(std::string_view authorization, std::string_view scheme)
{
    const auto space = authorization.find(' ');
    if (space == std::string_view::npos ||
        !beast::iequals({authorization.data(), space}, {scheme.data(), scheme.size()}))
        return std::nullopt;
    authorization.remove_prefix(std::min(authorization.find_first_not_of(' ', space), authorization.size()));
    return authorization;
}

std::optional<std::string> secret_of(std::string_view authorization)
{
    if (const auto token = credentials_of(authorization, "Bearer"))
        return std::string(*token);
    const auto encoded = credentials_of(authorization, "Basic");
    const auto user_and_password = encoded ? base64_decode(*encoded) : std::nullopt;
    const auto colon = user_and_password ? user_and_password->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return std::nullopt;
    return user_and_password->substr(colon + 1);
}

} // namespace

std::vector<std::string> shown_secrets(const beast::http::fields& fields)
{
    std::vector<std::string> secrets;
    const auto keys = fields.equal_range("X-API-Key");
    for (auto field = keys.first; field != keys.second && secrets.size() < most_secrets; ++field)
        secrets.emplace_back(view(field->value()));
    const auto authorizations = fields.equal_range(beast::http::field::authorization);
    for (auto field = authorizations.first; field != authorizations.second && secrets.size() < most_secrets; ++field)
        if (auto secret = secret_of(view(field->value())))
            secrets.push_back(std::move(*secret));
    return secrets;
}

} // namespace ttsave::api
