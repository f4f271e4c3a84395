#include "api/download_request.hpp"

#include "api/error_mapping.hpp"
#include "api/json_document.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ttsave::api {

namespace json = boost::json;
using http::response;

namespace {

/// What is wrong with one field: entries of a 422, which may stand beside another field's, or a 400, which stands
/// alone.
using problem = std::variant<invalid, response>;

template <typename Value>
using checked = std::variant<Value, problem>;

bool is_json(std::string_view content_type)
{
    const auto end = std::min(content_type.find(';'), content_type.size());
    std::string essence(content_type.substr(0, end));
    essence.erase(essence.find_last_not_of(" \t") + 1);
    essence.erase(0, essence.find_first_not_of(" \t"));
    std::transform(essence.begin(), essence.end(), essence.begin(), [](unsigned char c) { return std::tolower(c); });
    if (essence.empty() || essence == "application/json")
        return true;
    return essence.starts_with("application/") && essence.ends_with("+json");
}

bool is_blank(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c); });
}

/// The value as text; nothing when it is absent, null or blank.
std::variant<std::optional<std::string_view>, invalid> text_of(const json::value* value, std::string_view key)
{
    if (!value || value->is_null())
        return std::optional<std::string_view>();
    const auto* const text = value->if_string();
    if (!text)
        return invalid_value(fault::value_not_text, key);
    const std::string_view view(text->data(), text->size());
    return is_blank(view) ? std::optional<std::string_view>() : std::optional(view);
}

checked<extraction::post_link> check_url(const json::object& body)
{
    const auto text = text_of(body.if_contains(url_key), url_key);
    if (const auto* const entry = std::get_if<invalid>(&text))
        return problem(*entry);
    const auto url = std::get<0>(text);
    if (!url)
        return problem(error_answer(fault::url_required));
    if (const auto link = extraction::find_post_link(*url))
        return *link;
    return problem(invalid_value(fault::url_not_a_post, url_key));
}

checked<delivery::content_mode> check_mode(const json::object& body)
{
    const std::string_view key = !body.contains(mode_key) && body.contains(mode_alias) ? mode_alias : mode_key;
    const auto text = text_of(body.if_contains(key), key);
    if (const auto* const entry = std::get_if<invalid>(&text))
        return problem(*entry);
    const auto mode = std::get<0>(text);
    for (const auto& known : named_modes)
        if (mode == known.name)
            return known.mode;
    return problem(error_answer(fault::content_type_invalid));
}

/// The url's problem comes first; a 400 comes alone.
response answer_to(const problem* url, const problem* mode)
{
    std::vector<invalid> entries;
    for (const problem* const found : {url, mode}) {
        if (!found)
            continue;
        if (const auto* const entry = std::get_if<invalid>(found))
            entries.push_back(*entry);
        else if (entries.empty())
            return std::get<response>(*found);
    }
    return validation_answer(entries);
}

} // namespace

std::variant<download_request, response> parse_download_request(std::string_view content_type, std::string_view body)
{
    if (body.empty())
        return validation_answer(
            {invalid_value(fault::body_missing, url_key), invalid_value(fault::body_missing, mode_key)});
    if (!is_json(content_type))
        return validation_answer({invalid_body(fault::body_not_object)});
    const auto document = parse_json(body);
    if (const auto* const error = std::get_if<json_error>(&document))
        return validation_answer({invalid_json(error->position, error->message)});
    const auto* const object = std::get<json::value>(document).if_object();
    if (!object)
        return validation_answer({invalid_body(fault::body_not_object)});

    auto url = check_url(*object);
    auto mode = check_mode(*object);
    const auto* const url_problem = std::get_if<problem>(&url);
    const auto* const mode_problem = std::get_if<problem>(&mode);
    if (url_problem || mode_problem)
        return answer_to(url_problem, mode_problem);
    return download_request{std::get<0>(std::move(url)), std::get<0>(mode)};
}

} // namespace ttsave::api
