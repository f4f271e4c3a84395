#pragma once

// The Content-Meta header: what a client learns of a post besides its files. Pure functions.
// Source: shared contract, "Success".

#include "extraction/post.hpp"

#include <cstddef>
#include <string>

namespace ttsave::api {

/// The header's value stays below 8 KiB together with its name.
inline constexpr std::size_t max_content_meta_bytes = 8 * 1024 - sizeof("Content-Meta: \r\n");

/// Base64 of a JSON object with `title`, `desc`, `id`, `author`, `type` and, when known, `duration` (seconds). Python's
/// ast.literal_eval reads it too: no true, false or null, raw UTF-8. Texts that do not fit are cut at a character
/// border and end in an ellipsis, the description first.
std::string content_meta(const extraction::post& post);

} // namespace ttsave::api
