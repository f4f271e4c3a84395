#pragma once

// GET /about.json: what a client has to know of this server before it asks for a post, the page above all: where
// downloads are asked for, and what people are told of each error.

#include "http/router.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace ttsave::api {

/// What stays as it is for as long as the server runs.
struct server_facts {
    std::string version;
    std::string base_path; ///< no slash at its end; may be empty
    bool needs_key = false;
};

/// `max_file_bytes` tells what is in force; called on connections' threads.
http::immediate_handler make_about_page(const server_facts& about, std::function<std::uint64_t()> max_file_bytes);

} // namespace ttsave::api
