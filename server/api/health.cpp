#include "api/health.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace ttsave::api {

namespace json = boost::json;

namespace {

json::object worded(const readiness_check& check)
{
    json::object about;
    about["ok"] = check.is_ok;
    if (!check.is_ok)
        about["reason"] = check.reason;
    for (const auto& [name, value] : check.known)
        std::visit([&about, &name](const auto& told) { about[name] = told; }, value);
    return about;
}

} // namespace

http::response answer_health(const http::request& /*asked*/)
{
    return {http::status::ok, "text/plain", "ok", {}};
}

http::stream_handler make_readiness_page(readiness find_out)
{
    return [find_out = std::move(find_out)](http::exchange& asked) -> boost::asio::awaitable<void> {
        const auto checks = co_await find_out();
        const bool is_ready = std::all_of(checks.begin(), checks.end(),
                                          [](const auto& check) { return check.is_ok || !check.is_needed; });
        json::object each;
        for (const auto& check : checks)
            each[check.name] = worded(check);
        const json::object all{{"status", is_ready ? "ready" : "not ready"}, {"checks", std::move(each)}};
        http::response answer;
        answer.status = is_ready ? http::status::ok : http::status::service_unavailable;
        answer.content_type = "application/json";
        answer.body = json::serialize(all);
        co_await asked.respond(answer);
    };
}

} // namespace ttsave::api
