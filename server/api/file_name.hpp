#pragma once

// What the files of a response are called. Pure.
// Source: shared contract, "Success".

#include "delivery/growing_file.hpp"

#include <cstddef>
#include <string>

namespace ttsave::api {

/// The name of the post's `index`th file, from 0. Made of the post's id alone, so that names are unique across posts
/// and hold nothing that a post's text could say. Only images are numbered, from 1: there is one video or sound at
/// most.
std::string file_name(const std::string& post_id, std::size_t index, const media::media_type& type);

} // namespace ttsave::api
