#pragma once

// An entry of the store as a directory: its files, and a manifest. All calls may block.

#include "core/errc.hpp"
#include "core/unique_fd.hpp"
#include "store/manifest.hpp"

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ttsave::store {

/// Which bytes a file has, as far as the file system can tell without reading them: any write changes it.
class file_stamp {
public:
    static file_stamp of(int descriptor);
    bool operator==(const file_stamp&) const = default;

private:
    std::uint64_t inode_ = 0;
    std::int64_t size_ = -1;
    std::int64_t modified_ns_ = 0;
    std::int64_t changed_ns_ = 0;
};

/// Makes `directory` an entry of the files that `descriptors` are open on, which get names in it: linked where the
/// file system lets nameless files be linked, copied elsewhere. Nothing is synced: after a power cut the checksums
/// tell (docs/decisions/011). Errors: those of the system; what is half done is left to `remove_entry`.
result<void> write_entry(const std::filesystem::path& directory, const manifest& about,
                         const std::vector<int>& descriptors);

/// Reads the manifest and looks whether the files have the sizes it tells. Errors: bad_message (damaged), the system's.
result<manifest> load_entry(const std::filesystem::path& directory);

/// When the entry was last opened or, if never, written; in the file system's clock.
std::filesystem::file_time_type last_use_of(const std::filesystem::path& directory);

/// An entry's files, open for reading.
struct open_entry {
    std::vector<unique_fd> files;
    std::vector<file_stamp> stamps;
};

/// Opens the files and marks the entry as used. `known` are the stamps of files that have been read whole already; a
/// file that has another one is read and its checksum compared. Errors: bad_message (damaged), the system's.
result<open_entry> open_entry_files(const std::filesystem::path& directory, const manifest& about,
                                    const std::vector<file_stamp>& known);

/// Deletes what there is of an entry, the manifest first: what a crash leaves of it is no entry any more.
void remove_entry(const std::filesystem::path& directory);

} // namespace ttsave::store
