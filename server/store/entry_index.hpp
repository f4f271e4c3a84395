#pragma once

// Which entries the store has, and which of them have to leave. No I/O.

#include "store/entry_files.hpp"
#include "store/manifest.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace ttsave::store {

/// An entry that is there. What changes of it is guarded by its mutex.
struct stored_entry {
    manifest about;
    std::filesystem::path directory;

    std::mutex mutex{};
    std::vector<file_stamp> stamps{};      ///< of the files as they were when last read whole
    std::shared_ptr<const void> content{}; ///< what the store's user has made of it, to end with it
};

/// Entries in the order of their last use, bounded in bytes. Not thread-safe.
///
/// Whoever holds a pointer to an entry keeps it from being evicted: what is being sent stays until it is sent.
class entry_index {
public:
    using entry = std::shared_ptr<stored_entry>;

    explicit entry_index(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

    /// The entry with this key, which now is the one used last; or null.
    entry find(const std::string& key);

    /// The entries to remove from disk for one of `bytes` more to fit in, taken out of the index: those unused for
    /// longest first. `fits` is false, and nothing is taken out, where that cannot be reached.
    struct eviction {
        bool fits = false;
        std::vector<entry> evicted;
    };
    eviction make_room(std::uint64_t bytes);

    /// Takes out entries of `bytes` together, or more, those unused for longest first; fewer where there are no more.
    std::vector<entry> take_oldest(std::uint64_t bytes);

    /// Adds an entry as the one used last; its key is not there yet.
    void add(entry added);

    /// Takes `taken` out if it is still there; returns whether it was.
    bool take(const entry& taken);

    /// Takes out all entries stored at `limit` (seconds since 1970) or earlier, or after `now`: a clock was set back.
    std::vector<entry> take_expired(std::int64_t limit, std::int64_t now);

    /// Forgets everything.
    void clear();

    std::size_t size() const { return by_use_.size(); }
    std::uint64_t bytes() const { return bytes_; }

private:
    using position = std::list<entry>::iterator;
    struct candidates {
        std::uint64_t bytes = 0;
        std::vector<position> places;
    };
    candidates oldest(std::uint64_t bytes);
    std::vector<entry> remove(const candidates& leaving);
    entry remove(position place);

    const std::uint64_t max_bytes_;
    std::list<entry> by_use_; // the one used last is first
    std::unordered_map<std::string, position> by_key_;
    std::uint64_t bytes_ = 0;
};

} // namespace ttsave::store
