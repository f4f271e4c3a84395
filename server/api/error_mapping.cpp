#include "api/error_mapping.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace ttsave::api {
namespace {

invalid entry_at(fault name, std::vector<std::variant<std::string, std::int64_t>> loc)
{
    const auto& row = entry_of(name);
    return {std::move(loc), std::string(row.detail), std::string(row.type)};
}

} // namespace

http::response failure_response(const error_code& failure)
{
    static const auto* const category = &make_error_code(errc::storage_failed).category();
    if (failure.category() != *category)
        return error_answer(fault::unexpected);
    return error_answer(fault_of(static_cast<errc>(failure.value())));
}

http::response error_answer(fault name)
{
    const auto& row = entry_of(name);
    if (name == fault::unavailable)
        return http::service_unavailable();
    if (row.worded == wording::internal)
        return http::internal_error(row.detail, row.code);
    return http::error_response(row.status, row.detail, row.code);
}

invalid invalid_value(fault name, std::string_view key)
{
    return entry_at(name, {"body", std::string(key)});
}

invalid invalid_body(fault name)
{
    return entry_at(name, {"body"});
}

invalid invalid_json(std::size_t position, std::string_view message)
{
    auto entry = entry_at(fault::body_not_json, {"body", static_cast<std::int64_t>(position)});
    entry.msg = message;
    return entry;
}

http::response validation_answer(const std::vector<invalid>& entries)
{
    return http::validation_error(entries);
}

} // namespace ttsave::api
