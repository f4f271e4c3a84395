#pragma once

// How posts and their files are kept in the store, and found again.

#include "delivery/content_mode.hpp"
#include "delivery/growing_file.hpp"
#include "delivery/post_files.hpp"
#include "media/slideshow.hpp"
#include "store/manifest.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ttsave::delivery {

/// The key of a post's files: its id and what they are. Two slideshows made with other options are not the same.
std::string store_key(const std::string& post_id, product wanted, const media::slideshow_options& options);

/// The entry for files that are all complete and on disk.
store::manifest manifest_of(std::string key, const post_files& content);

/// Whether the entry is of a video, which is the same in both modes.
bool is_of_video(const store::manifest& entry);

/// The post of an entry, and its files, opened in the entry's order. Errors: bad_message when they are not what
/// `manifest_of` describes.
result<std::shared_ptr<const post_files>> content_of(const store::manifest& entry, std::vector<unique_fd> files,
                                                     const file_services& services);

} // namespace ttsave::delivery
