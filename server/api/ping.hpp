#pragma once

// {base}/ping and /ping: tells clients that the server is there.
// Source: shared contract, "Endpoints".

#include "http/message.hpp"

namespace ttsave::api {

http::response answer_ping(const http::request& asked);

} // namespace ttsave::api
