// Shared contract, "The request body of download" and "Errors". The first line is the Content-Type.

#include "api/download_request.hpp"

#include "links.hpp"
#include "require.hpp"
#include "targets.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <string>

namespace ttsave::fuzz {
namespace {

namespace json = boost::json;
using http::status;

void check_entries(const json::object& body)
{
    const auto& entries = body.at("detail").as_array();
    require(body.at("message") == "Validation Error", "a 422 is a validation error");
    require(entries.size() == 1 || entries.size() == 2, "there are two fields to be wrong");
    for (const auto& entry : entries) {
        require(entry.at("loc").as_array().at(0) == "body", "what is wrong is in the body");
        require(entry.as_object().size() == 3 && entry.at("msg").is_string() && entry.at("type").is_string(),
                "an entry is loc, msg and type");
    }
}

void check_refusal(const http::response& answer)
{
    require(answer.status == status::bad_request || answer.status == status::unprocessable_entity,
            "a wrong request is a 400 or a 422");
    require(answer.content_type == "application/json" && answer.fields.empty(), "an error is JSON and nothing else");
    require(answer.body.size() < 500, "an error does not repeat the request");
    const auto body = json::parse(answer.body).as_object();
    if (answer.status == status::unprocessable_entity)
        check_entries(body);
    else
        require(body.at("code") == "url.required" || body.at("code") == "content_type.invalid", "a 400 says which");
}

} // namespace

void download_request(std::string_view bytes)
{
    const auto border = std::min(bytes.find('\n'), bytes.size());
    const auto type = bytes.substr(0, border);
    const auto body = bytes.substr(std::min(border + 1, bytes.size()));
    const auto outcome = api::parse_download_request(type, body);
    if (const auto* const answer = std::get_if<http::response>(&outcome)) {
        check_refusal(*answer);
        return;
    }
    const auto& wanted = std::get<api::download_request>(outcome);
    check_link(wanted.link);
    const auto spaced = api::parse_download_request(type, " \n" + std::string(body) + "\r\n\t");
    const bool has_mark = body.starts_with("\xef\xbb\xbf"); // it is one at the very beginning only
    require(has_mark || std::holds_alternative<api::download_request>(spaced), "white space around it changes nothing");
}

} // namespace ttsave::fuzz
