#pragma once

// What an extractor is asked. Plain values.

#include "extraction/post_url.hpp"
#include "net/route.hpp"

#include <string>

namespace ttsave::extraction {

struct resolve_request {
    post_ref post;
    net::route way{};      ///< by which its page is asked for
    std::string request{}; ///< the id of the request that it is for, for logs; of several, the first
};

} // namespace ttsave::extraction
