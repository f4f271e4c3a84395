#pragma once

// Decides who has a request answered, before its body is read.

#include "http/message.hpp"

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ttsave::http {

/// What is known of a request whose body has not been read. Views, for the length of a call.
struct request_head {
    std::string_view path;
    const boost::beast::http::fields& fields;
    const boost::asio::ip::address& client;
};

/// What a guard says of a request.
struct admission {
    std::optional<response> refusal; ///< what is answered instead; the connection closes then
    field_list fields;               ///< further fields of the answer, whichever it is
    field_list notes;                ///< for the request's line in the log: "key" and its name, say
    std::shared_ptr<void> held;      ///< kept until the request has been answered
};

/// Called on the connection's thread: must not block.
using guard = std::function<admission(const request_head&)>;

} // namespace ttsave::http
