#pragma once

// Keeps the files of what is asked for again and again open.

#include "delivery/post_files.hpp"
#include "store/media_store.hpp"

#include <cstddef>
#include <list>
#include <memory>

namespace ttsave::delivery {

/// The contents of the entries that were opened last, up to a number of files: those opened longest ago give way.
///
/// Holds no entry: each holds its own content, which therefore ends with it, and its disk space is free at once when
/// it is evicted. Not thread-safe.
class opened_entries {
public:
    using content_ptr = std::shared_ptr<const post_files>;

    explicit opened_entries(std::size_t most_files) : most_files_(most_files) {}

    void keep(const store::media_store::entry& opened, content_ptr content);

    /// What the entry holds open; null when that is nothing, or has been changed by somebody since. Does not block.
    static content_ptr find(const store::media_store::entry& wanted);

    /// Closes what the entry holds open, unless somebody reads it.
    static void forget(const store::media_store::entry& opened);

private:
    struct kept {
        std::weak_ptr<store::stored_entry> entry;
        std::size_t files;
    };

    static bool is_unchanged(const store::media_store::entry& opened, const post_files& content);
    void close_oldest();

    const std::size_t most_files_;
    std::size_t files_ = 0; // of entries that have ended, too, until their turn comes
    std::list<kept> by_age_;
};

} // namespace ttsave::delivery
