#pragma once

// What an entry of the store says of itself, as text. No I/O.

#include "core/errc.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::store {

/// One file of an entry.
struct stored_file {
    std::string name; ///< within the entry: digits, letters and a dot
    std::string type; ///< of the media, as its usual extension: mp4, jpg...
    std::uint64_t size = 0;
    std::string checksum; ///< core/checksum
};

struct manifest {
    std::string key;            ///< what the entry is found by: letters, digits and hyphens
    std::int64_t stored_at = 0; ///< seconds since 1970, UTC
    boost::json::object about;  ///< whatever belongs to the files and means nothing to the store
    bool boundary_safe = false; ///< no file holds the boundary that responses usually have
    std::vector<stored_file> files;

    std::uint64_t bytes() const;
};

/// A line of JSON and a line with its checksum:
///
///     {"format":1,"key":"7312345678901234567-original","stored_at":1795000000,"about":{...},"boundary_safe":true,
///      "files":[{"name":"1.mp4","type":"mp4","size":183231,"xxh3":"9d2c4a1f00b7e655"}]}
///     41f0c2a97be21d03
std::string to_text(const manifest& entry);

/// Reads what `to_text` wrote; strict. Errors: boost::system::errc::bad_message for anything else, damage included.
result<manifest> parse_manifest(std::string_view text);

} // namespace ttsave::store
