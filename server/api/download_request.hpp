#pragma once

// From the body of a download to a request that is valid, or to the answer that says what is wrong. Pure functions.
// Source: shared contract, "The request body of download" and "Errors".

#include "delivery/content_mode.hpp"
#include "extraction/post_url.hpp"
#include "http/message.hpp"

#include <array>
#include <string_view>
#include <variant>

namespace ttsave::api {

// The keys of the body's object.
inline constexpr std::string_view url_key = "url";
inline constexpr std::string_view mode_key = "download_content_type";
inline constexpr std::string_view mode_alias = "content_type"; ///< the name that PyTTSave 1.1.0 sends

struct named_mode {
    std::string_view name;
    delivery::content_mode mode;
};

inline constexpr std::array named_modes{named_mode{"ORIGINAL", delivery::content_mode::original},
                                        named_mode{"VIDEO_ONLY", delivery::content_mode::video_only}};

struct download_request {
    extraction::post_link link;
    delivery::content_mode mode{};
};

/// `content_type`: the Content-Type header's value, or empty.
std::variant<download_request, http::response> parse_download_request(std::string_view content_type,
                                                                      std::string_view body);

} // namespace ttsave::api
