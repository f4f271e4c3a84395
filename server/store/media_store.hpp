#pragma once

// Finished posts on disk, for whoever asks for them next.

#include "core/errc.hpp"
#include "store/directory_lock.hpp"
#include "store/entry_index.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::store {

struct media_store_options {
    std::filesystem::path directory;
    std::uint64_t max_bytes = 0;
    std::chrono::seconds ttl{0}; ///< 0: nothing is kept
};

/// A bounded cache in a directory of its own, which outlives the process. Thread-safe.
///
/// Layout below `directory`: `lock`, held while this object uses the rest; `entries/KEY/`, each with its files and a
/// manifest; `incoming/`, where entries are made before one rename puts them among the others. Whatever a crash leaves
/// is removed with the next start.
///
/// While the directory cannot be used (another server has it, no permission), nothing is found and nothing kept, and
/// every `maintain` tries again: deliveries do not depend on the store.
class media_store {
public:
    using entry = entry_index::entry;

    /// Touches nothing yet: `maintain` does.
    explicit media_store(media_store_options options);

    /// Takes possession of the directory, unless that is done, and removes what has expired; where the disk is nearly
    /// full, also what was used least recently. To be called at start and every `maintenance_interval` from then on.
    /// May block.
    void maintain();
    static constexpr std::chrono::seconds maintenance_interval{5};

    /// The entry with this key, or null. As long as the pointer is held, the entry is not evicted. Does not block.
    entry find(const std::string& key);

    /// Opens the entry's files, in the manifest's order. A file that has not been read whole in this process, or has
    /// been changed since, is read and compared with its checksum: a damaged entry is removed. May block.
    /// Errors: bad_message (damaged), and those of open(2).
    result<std::vector<unique_fd>> open(const entry& found);

    /// Whether the entry's files, open as `descriptors`, are still what they were when `open` found them sound. Does
    /// not block.
    static bool is_unchanged(const entry& opened, const std::vector<int>& descriptors);

    /// Keeps what `descriptors` are open on, whole files of the sizes and checksums that `about` tells, as an entry;
    /// one of the same key is replaced. Returns whether it is kept; what has been in the way of it is logged. May
    /// block.
    bool admit(manifest about, const std::vector<int>& descriptors);

    /// What is kept now. Does not block.
    struct stock {
        std::size_t entries = 0;
        std::uint64_t bytes = 0;
    };
    stock kept() const;

    /// Removes an entry that turned out to be damaged. May block.
    void drop(const entry& damaged);

private:
    bool is_off() const { return options_.ttl.count() == 0 || options_.max_bytes == 0; }
    bool take_possession();
    void load();
    bool is_current(const manifest& about) const;
    std::filesystem::path entries() const { return options_.directory / "entries"; }
    std::filesystem::path incoming() const { return options_.directory / "incoming"; }

    const media_store_options options_;

    std::mutex writing_; // one call that changes the directory at a time; taken before mutex_
    std::optional<directory_lock> lock_;
    std::string complaint_; // what has been logged of why the directory cannot be used

    mutable std::mutex mutex_; // guards the index, for moments only
    entry_index index_;
};

} // namespace ttsave::store
