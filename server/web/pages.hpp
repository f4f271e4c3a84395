#pragma once

// Where the files of the page are, and how they are answered for.

#include "http/router.hpp"
#include "web/asset.hpp"

#include <span>

namespace ttsave::web {

/// What the files that have no address of their own for people are counted as.
inline constexpr const char* assets_group = "/assets";

/// Adds a route for each file: `index.html` at `/`, `docs/index.html` at `/docs`, any other at its name. All are open
/// to everybody. GET and HEAD, gzip or not (content_coding), with a strong ETag, and a 304 for who has the file
/// already; what has a hash in its name may be kept for a year, the rest is to be asked for each time.
///
/// Where there are none, the log says so. `files` and what they refer to must outlive `routes`.
void add_pages(http::router& routes, std::span<const asset> files);

} // namespace ttsave::web
