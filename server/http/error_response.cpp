#include "http/error_response.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace ttsave::http {

namespace json = boost::json;

namespace {

// Deliveries take seconds; one that was refused has a fair chance of a place by then.
constexpr const char* retry_after_s = "5";

json::string_view view(std::string_view text)
{
    return {text.data(), text.size()};
}

response json_response(status code, const json::object& body)
{
    return {code, "application/json", json::serialize(body), {}};
}

} // namespace

response error_response(status code_number, std::string_view detail, std::string_view code)
{
    json::object body;
    body["detail"] = view(detail);
    if (!code.empty())
        body["code"] = view(code);
    return json_response(code_number, body);
}

response validation_error(const std::vector<validation_entry>& entries)
{
    json::array detail;
    for (const auto& entry : entries) {
        json::array loc;
        for (const auto& step : entry.loc) {
            if (const auto* const name = std::get_if<std::string>(&step))
                loc.emplace_back(view(*name));
            else
                loc.emplace_back(std::get<std::int64_t>(step));
        }
        json::object item;
        item["loc"] = std::move(loc);
        item["msg"] = view(entry.msg);
        item["type"] = view(entry.type);
        detail.push_back(std::move(item));
    }
    json::object body;
    body["message"] = "Validation Error";
    body["detail"] = std::move(detail);
    return json_response(status::unprocessable_entity, body);
}

response internal_error(std::string_view reason, std::string_view code)
{
    json::object body;
    body["message"] = "Internal Server Error";
    body["detail"] = "Error: " + std::string(reason);
    if (!code.empty())
        body["code"] = view(code);
    return json_response(status::internal_server_error, body);
}

response service_unavailable()
{
    auto answer = own_error(status::service_unavailable);
    answer.fields.emplace_back("Retry-After", retry_after_s);
    return answer;
}

std::string_view own_detail(status code_number) noexcept
{
    switch (code_number) {
    case status::not_found: return "Not Found";
    case status::method_not_allowed: return "Method Not Allowed";
    case status::payload_too_large: return "Request Entity Too Large";
    case status::uri_too_long: return "URI Too Long";
    case status::expectation_failed: return "Expectation Failed";
    case status::request_header_fields_too_large: return "Request Header Fields Too Large";
    case status::service_unavailable: return "Service Unavailable";
    default: return "Invalid HTTP request received";
    }
}

response own_error(status code_number)
{
    return error_response(code_number, own_detail(code_number));
}

} // namespace ttsave::http
