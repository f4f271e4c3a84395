#pragma once

// GET /healthz: the process answers. GET /readyz: it can do what it is there for.

#include "http/exchange.hpp"
#include "http/message.hpp"
#include "http/router.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ttsave::api {

http::response answer_health(const http::request& asked);

/// One of the things that the server needs, or does on the side.
struct readiness_check {
    using value = std::variant<std::string, std::uint64_t>;

    std::string name;
    bool is_ok = false;
    std::string reason;                               ///< why it is not: for people, without paths or secrets
    bool is_needed = true;                            ///< whether the server is not ready without it
    std::vector<std::pair<std::string, value>> known; ///< whatever else is worth telling
};

/// Finds out how things are. May take a while; cancellation: terminal.
using readiness = std::function<boost::asio::awaitable<std::vector<readiness_check>>()>;

/// 200 when everything that is needed is there, else 503; the body says what of it, and why.
http::stream_handler make_readiness_page(readiness find_out);

} // namespace ttsave::api
