#include "api/credentials.hpp"

#include "core/basic_credentials.hpp"

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

std::optional<std::string> secret_of(std::string_view authorization)
{
    if (const auto token = credentials_of(authorization, "Bearer"))
        return std::string(*token);
    return basic_password(authorization);
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
