#pragma once

// Files that people have written, read as a whole. Thread-safe; blocks for as long as the disk does.

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>

namespace ttsave {

/// What `path` holds, of at most `most_bytes`. Errors: a sentence for the log, with the path.
boost::system::result<std::string, std::string> read_text_file(const std::string& path, std::size_t most_bytes);

} // namespace ttsave
