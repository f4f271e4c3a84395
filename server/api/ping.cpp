#include "api/ping.hpp"

namespace ttsave::api {

boost::asio::awaitable<void> answer_ping(http::exchange& asked)
{
    http::response pong{http::status::ok, "text/plain", "pong", {}};
    co_await asked.respond(std::move(pong));
}

} // namespace ttsave::api
