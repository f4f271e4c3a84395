#pragma once

// From the body of a download to a request that is valid, or to the answer that says what is wrong. Pure functions.
// Source: shared contract, "The request body of download" and "Errors".

#include "delivery/content_mode.hpp"
#include "extraction/post_url.hpp"
#include "http/message.hpp"

#include <string_view>
#include <variant>

namespace ttsave::api {

struct download_request {
    extraction::post_link link;
    delivery::content_mode mode{};
};

/// `content_type`: the Content-Type header's value, or empty.
std::variant<download_request, http::response> parse_download_request(std::string_view content_type,
                                                                      std::string_view body);

} // namespace ttsave::api
