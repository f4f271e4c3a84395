#include "api/ping.hpp"

namespace ttsave::api {

http::response answer_ping(const http::request& /*asked*/)
{
    return {http::status::ok, "text/plain", "pong", {}};
}

} // namespace ttsave::api
