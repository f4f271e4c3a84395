#include "http/response_head.hpp"

#include "http/request_id.hpp"

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <array>
#include <ctime>

namespace ttsave::http {

namespace {

/// The Date header's value (RFC 9110 section 5.6.7), without the process's locale.
std::string date_text(std::time_t now)
{
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&now, &utc);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[static_cast<std::size_t>(utc.tm_wday)],
                       utc.tm_mday, months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                       utc.tm_min, utc.tm_sec);
}

/// The fields that every response has, made once a second.
const std::string& common_fields()
{
    thread_local std::time_t made_at = 0;
    thread_local std::string made;
    const std::time_t now = std::time(nullptr);
    if (now != made_at) {
        made = "Server: ttsave\r\nDate: " + date_text(now) + "\r\n";
        made_at = now;
    }
    return made;
}

void append_status_line(std::string& to, unsigned version, http::status code)
{
    const auto reason = boost::beast::http::obsolete_reason(code);
    to.append(version < 11 ? "HTTP/1.0 " : "HTTP/1.1 ").append(std::to_string(static_cast<unsigned>(code)));
    to.append(" ").append(reason.data(), reason.size()).append("\r\n");
}

void append_field(std::string& to, std::string_view name, std::string_view value)
{
    to.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

void append(std::string& to, const response_head& head)
{
    append_status_line(to, head.version, head.status);
    to.append(common_fields());
    if (!head.content_type.empty())
        append_field(to, "Content-Type", head.content_type);
    if (!head.request_id.empty())
        append_field(to, request_id_field, head.request_id);
    for (const auto* const fields : {&head.fields, head.further_fields})
        if (fields)
            for (const auto& [name, value] : *fields)
                append_field(to, name, value);
    if (const auto* const length = std::get_if<std::uint64_t>(&head.body))
        append_field(to, "Content-Length", std::to_string(*length));
    else if (std::holds_alternative<chunked>(head.body))
        append_field(to, "Transfer-Encoding", "chunked");
    if (head.version < 11 && head.keep_alive)
        append_field(to, "Connection", "keep-alive");
    else if (head.version >= 11 && !head.keep_alive)
        append_field(to, "Connection", "close");
    to.append("\r\n");
}

} // namespace ttsave::http
