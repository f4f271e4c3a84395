#include "api/download_guard.hpp"

#include "api/credentials.hpp"
#include "api/error_mapping.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace ttsave::api {

using access::decision;

namespace {

/// When a client may try again whose own deliveries are in the way: any of them may end at once.
constexpr std::chrono::seconds soon{1};

http::field_list fields_of(const access::rate_standing& known)
{
    return {{"RateLimit-Limit", std::to_string(known.limit)},
            {"RateLimit-Remaining", std::to_string(known.remaining)},
            {"RateLimit-Reset", std::to_string(known.until_full.count())}};
}

http::response too_many_requests(std::chrono::seconds retry_after)
{
    auto answer = error_answer(fault::too_many_requests);
    answer.fields.emplace_back("Retry-After", std::to_string(std::max(retry_after, soon).count()));
    return answer;
}

http::response not_authenticated()
{
    auto answer = error_answer(fault::not_authenticated);
    answer.fields.emplace_back("WWW-Authenticate", "Basic");
    return answer;
}

std::optional<http::response> refusal_of(const access::judgement& judged)
{
    switch (judged.made) {
    case decision::admitted: return std::nullopt;
    case decision::not_authenticated: return not_authenticated();
    case decision::rate_exceeded: return too_many_requests(judged.rate->until_allowed);
    case decision::too_many_deliveries: break;
    }
    return too_many_requests(soon);
}

http::admission admission_of(access::judgement judged)
{
    http::admission found;
    found.refusal = refusal_of(judged);
    if (judged.rate)
        found.fields = fields_of(*judged.rate);
    if (!judged.key_name.empty())
        found.notes.emplace_back("key", judged.key_name);
    found.held = std::move(judged.delivery);
    return found;
}

} // namespace

http::guard make_download_guard(access::access_control& access)
{
    return [&access](const http::request_head& asked) {
        return admission_of(access.judge({asked.client, shown_secrets(asked.fields)}));
    };
}

http::guard make_look_guard(access::access_control& access)
{
    return [&access](const http::request_head& asked) {
        return admission_of(access.judge_look({asked.client, shown_secrets(asked.fields)}));
    };
}

} // namespace ttsave::api
