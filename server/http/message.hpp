#pragma once

// Requests and responses as handlers see them. Plain values.

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ttsave::http {

using boost::beast::http::field;
using boost::beast::http::status;
using boost::beast::http::verb;

struct request {
    std::string id; ///< for the log; unique
    verb method = verb::unknown;
    std::string path; ///< decoded, without the query
    boost::beast::http::fields fields;
    std::string body;
    boost::asio::ip::address client; ///< client_address
};

/// Names and values.
using field_list = std::vector<std::pair<std::string, std::string>>;

/// A response that fits in memory.
struct response {
    http::status status = http::status::ok;
    std::string content_type; ///< empty for an answer that has no body by its status
    std::string body;
    field_list fields; ///< besides Content-Type, Content-Length and Connection
    std::string_view
        static_body{}; ///< instead of `body`, unless empty: what outlives the server, sent from where it is

    std::string_view content() const { return static_body.empty() ? std::string_view(body) : static_body; }
};

} // namespace ttsave::http
