#include "api/routes.hpp"

#include "api/ping.hpp"

#include <utility>

namespace ttsave::api {

http::router make_routes(const std::string& base_path, const download& downloads, http::guard admit)
{
    using http::body_policy;
    using http::verb;
    http::router routes;
    const http::stream_handler answer_download = [&downloads](http::exchange& asked) {
        return downloads.answer(asked);
    };
    const std::vector<verb> ping_methods{verb::get, verb::head, verb::post};
    routes.add({base_path + "/download", {verb::post}, body_policy::keep, answer_download, std::move(admit)});
    routes.add({base_path + "/ping", ping_methods, body_policy::ignore, answer_ping});
    if (!base_path.empty())
        routes.add({"/ping", ping_methods, body_policy::ignore, answer_ping});
    return routes;
}

} // namespace ttsave::api
