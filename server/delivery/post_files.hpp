#pragma once

// A post with its files, and one client's way through them.

#include "delivery/growing_file.hpp"
#include "extraction/post.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace ttsave::delivery {

/// The files may still be growing.
struct post_files {
    extraction::post post;
    std::vector<std::shared_ptr<growing_file>> files; ///< in the order in which they are sent
};

/// What one client reads.
struct reading {
    std::shared_ptr<const post_files> content;
    std::vector<growing_file::reader> readers; ///< one for each of the files, all at the beginning
};

/// Begins to read; nothing when one of the files can no longer be read from its beginning.
inline std::optional<reading> read_from_start(std::shared_ptr<const post_files> content)
{
    reading begun;
    for (const auto& file : content->files) {
        auto reader = file->attach();
        if (!reader)
            return std::nullopt;
        begun.readers.push_back(std::move(*reader));
    }
    begun.content = std::move(content);
    return begun;
}

} // namespace ttsave::delivery
