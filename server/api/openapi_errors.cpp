#include "api/openapi_errors.hpp"

#include "api/download_request.hpp"
#include "api/error_mapping.hpp"
#include "api/openapi_reference.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace ttsave::api {

namespace json = boost::json;

namespace {

using rows_of_a_status = std::vector<const error_entry*>;

/// In the order of their numbers, as people look for them.
using rows_by_status = std::map<unsigned, rows_of_a_status>;

template <typename Predicate>
rows_by_status rows_where(Predicate is_wanted)
{
    rows_by_status found;
    for (const auto& row : error_table())
        if (is_wanted(row))
            found[static_cast<unsigned>(row.status)].push_back(&row);
    return found;
}

/// Of a request that is refused for what stands in its body.
http::response validation_example(fault name)
{
    switch (name) {
    case fault::body_missing: return validation_answer({invalid_value(name, url_key), invalid_value(name, mode_key)});
    case fault::body_not_object: return validation_answer({invalid_body(name)});
    case fault::body_not_json: return validation_answer({invalid_json(0, entry_of(name).detail)});
    default: return validation_answer({invalid_value(name, url_key)});
    }
}

json::value example_body(const error_entry& row)
{
    const bool is_validation = row.worded == wording::validation;
    return json::parse((is_validation ? validation_example(row.name) : error_answer(row.name)).body);
}

const char* schema_of(wording worded)
{
    switch (worded) {
    case wording::detail: return "schemas/Error";
    case wording::internal: return "schemas/InternalError";
    case wording::validation: break;
    }
    return "schemas/ValidationError";
}

json::object schema_of(const rows_of_a_status& rows)
{
    json::array bodies;
    for (const auto* const row : rows) {
        json::value body = reference(schema_of(row->worded));
        if (std::find(bodies.begin(), bodies.end(), body) == bodies.end())
            bodies.push_back(std::move(body));
    }
    return bodies.size() == 1 ? bodies[0].as_object() : json::object{{"oneOf", std::move(bodies)}};
}

json::object headers_of(http::status status)
{
    json::object headers{{"X-Request-Id", reference("headers/X-Request-Id")}};
    switch (status) {
    case http::status::too_many_requests:
        for (const char* name : {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"})
            headers[name] = reference(std::string("headers/") + name);
        [[fallthrough]];
    case http::status::service_unavailable: headers["Retry-After"] = reference("headers/Retry-After"); break;
    case http::status::unauthorized: headers["WWW-Authenticate"] = reference("headers/WWW-Authenticate"); break;
    case http::status::method_not_allowed: headers["Allow"] = reference("headers/Allow"); break;
    default: break;
    }
    return headers;
}

json::object response_of(const rows_of_a_status& rows)
{
    std::string description;
    json::object examples;
    for (const auto* const row : rows) {
        const auto name = name_of(*row);
        description.append(description.empty() ? "" : "\n").append("* ");
        if (!row->code.empty() || !row->type.empty())
            description.append("`").append(name).append("`: ");
        description.append(row->meaning.english);
        examples[name] = reference("examples/" + name);
    }
    if (rows.size() == 1)
        description = rows.front()->meaning.english;
    json::object content{{"schema", schema_of(rows)}, {"examples", std::move(examples)}};
    return {{"description", std::move(description)},
            {"headers", headers_of(rows.front()->status)},
            {"content", {{"application/json", std::move(content)}}}};
}

bool is_of_anything(const error_entry* row)
{
    return row->met == asked_for::anything;
}

} // namespace

json::object error_examples()
{
    json::object all;
    for (const auto& row : error_table())
        all[name_of(row)] = {
            {"summary", row.meaning.english}, {"description", row.advice.english}, {"value", example_body(row)}};
    return all;
}

json::object shared_error_responses()
{
    json::object all;
    const auto shared = rows_where(
        [](const error_entry& row) { return row.met == asked_for::anything || row.met == asked_for::nothing_there; });
    for (const auto& [status, rows] : shared)
        all[std::to_string(status)] = response_of(rows);
    return all;
}

json::object error_responses(const std::vector<asked_for>& reasons, bool needs_key)
{
    const auto wanted = rows_where([&](const error_entry& row) {
        if (row.name == fault::not_authenticated && !needs_key)
            return false;
        return is_of_anything(&row) || std::find(reasons.begin(), reasons.end(), row.met) != reasons.end();
    });
    json::object all;
    for (const auto& [status, rows] : wanted) {
        const auto number = std::to_string(status);
        const bool is_shared = std::all_of(rows.begin(), rows.end(), is_of_anything);
        all[number] = is_shared ? reference("responses/" + number) : response_of(rows);
    }
    return all;
}

json::array codes_worded_as(wording worded)
{
    json::array codes;
    for (const auto& row : error_table())
        if (row.worded == worded && !row.code.empty())
            codes.emplace_back(row.code);
    return codes;
}

} // namespace ttsave::api
