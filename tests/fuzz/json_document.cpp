// docs/decisions/006-json.md: as Boost.JSON reads it, but for what Python reads otherwise.

#include "api/json_document.hpp"

#include "require.hpp"
#include "targets.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace ttsave::fuzz {
namespace {

namespace json = boost::json;

/// With every number as 0: none means anything to the server.
json::value without_numbers(const json::value& value)
{
    if (value.is_number())
        return 0;
    if (const auto* const array = value.if_array()) {
        json::array copy;
        for (const auto& each : *array)
            copy.push_back(without_numbers(each));
        return copy;
    }
    if (const auto* const object = value.if_object()) {
        json::object copy;
        for (const auto& [key, each] : *object)
            copy[key] = without_numbers(each);
        return copy;
    }
    return value;
}

bool holds(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// Whether Python reads a number there that Boost.JSON refuses.
bool may_hold_unusual_numbers(std::string_view text)
{
    const bool has_exponent = text.find_first_of("eE") != std::string_view::npos;
    return holds(text, "NaN") || holds(text, "Infinity") || has_exponent;
}

bool may_hold_lone_surrogates(std::string_view text)
{
    return holds(text, "\\ud") || holds(text, "\\uD");
}

void check_error(const api::json_error& error, std::string_view text)
{
    const auto place = " (char " + std::to_string(error.position) + ')';
    require(std::string_view(error.message).ends_with(place), "an error says where, as Python does");
    require(holds(error.message, ": line "), "an error is worded as Python words it");
    require(error.position <= text.size(), "an error lies within the text");
    require(error.message.size() < 120, "an error does not repeat the text");
}

} // namespace

void json_document(std::string_view bytes)
{
    const auto ours = api::parse_json(bytes);
    const bool has_mark = bytes.starts_with("\xef\xbb\xbf");
    const auto text = has_mark ? bytes.substr(3) : bytes;
    json::parse_options options;
    options.max_depth = api::max_json_depth;
    boost::system::error_code ec;
    const auto theirs = json::parse(json::string_view(text.data(), text.size()), ec, {}, options);
    if (const auto* const error = std::get_if<api::json_error>(&ours)) {
        check_error(*error, text);
        require(ec || may_hold_lone_surrogates(text), "what Boost.JSON reads is read, but for lone surrogates");
        return;
    }
    const auto& value = std::get<json::value>(ours);
    require(!ec || may_hold_unusual_numbers(text), "what Boost.JSON refuses is refused, but for numbers");
    if (!ec)
        require(without_numbers(value) == without_numbers(theirs), "both read the same");
}

} // namespace ttsave::fuzz
