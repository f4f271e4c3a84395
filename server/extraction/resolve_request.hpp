#pragma once

// What an extractor is asked. Plain values.

#include "extraction/post_url.hpp"
#include "net/route.hpp"

namespace ttsave::extraction {

struct resolve_request {
    post_ref post;
    net::route way{}; ///< by which its page is asked for
};

} // namespace ttsave::extraction
