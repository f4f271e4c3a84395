#include "api/routes.hpp"

#include "api/ping.hpp"

#include <utility>

namespace ttsave::api {

http::router make_routes(const std::string& base_path, endpoints served)
{
    using http::body_policy;
    using http::verb;
    http::router routes;
    const std::vector<verb> ping_methods{verb::get, verb::head, verb::post};
    routes.add({base_path + "/download",
                {verb::post},
                body_policy::keep,
                std::move(served.download),
                std::move(served.admit)});
    routes.add({base_path + "/ping", ping_methods, body_policy::ignore, answer_ping});
    if (!base_path.empty())
        routes.add({"/ping", ping_methods, body_policy::ignore, answer_ping});
    const std::vector<verb> reading{verb::get, verb::head};
    routes.add({"/healthz", reading, body_policy::ignore, answer_health});
    routes.add({"/readyz", reading, body_policy::ignore, make_readiness_page(std::move(served.find_out))});
    routes.add({"/metrics", reading, body_policy::ignore, std::move(served.metrics), std::move(served.look)});
    routes.add({"/openapi.json", reading, body_policy::ignore, std::move(served.document)});
    routes.add({"/about.json", reading, body_policy::ignore, std::move(served.about)});
    return routes;
}

} // namespace ttsave::api
