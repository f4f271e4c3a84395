#pragma once

// What an extractor answers about a post. Plain values.

#include "net/route.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::extraction {

enum class post_kind { video, photos };
enum class medium_role { video, photo, sound };

/// One place a medium can be had from.
struct source {
    std::string url;
    std::vector<std::string> headers; ///< "Name: value"
    std::string cookies;              ///< the Cookie header's value, or empty
};

/// One file of a post. What the page claims of it is a hint: bytes and sizes that arrive are believed instead.
struct medium {
    medium_role role{};
    bool has_sound = false; ///< of a video: the page says that it has sound
    std::string ext;
    std::string codec; ///< empty: not told
    std::optional<std::uint64_t> size_bytes;
    std::optional<std::uint64_t> width;  ///< pixels
    std::optional<std::uint64_t> height; ///< pixels
    std::vector<source> sources;         ///< at least one, in order of preference
};

struct post {
    std::string id; ///< digits only
    post_kind kind{};
    std::string title;
    std::string description;
    std::string author; ///< the user name, without @
    std::optional<std::uint64_t> duration_s;
    std::vector<medium> media; ///< of a video, one; of photos, these in the post's order, then the sound if it has one
    net::route way{};          ///< by which it was resolved, and its media are to be fetched
};

} // namespace ttsave::extraction
