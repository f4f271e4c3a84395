#pragma once

// The file of API keys (api_keys_file).
//
//   {"keys": [
//     {"name": "bot", "key": "a long secret", "rate_limit_per_min": 60, "allowed_networks": ["10.0.0.0/8"]},
//     {"name": "app", "key_sha256": "64 hexadecimal digits"}
//   ]}

#include "access/key_ring.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ttsave::access {

/// A problem is a sentence that begins with the line it is about, and never tells a secret.
using keys_or_problem = boost::system::result<std::vector<api_key>, std::string>;

/// Takes exactly what is documented: `name` (1 to 64 letters, digits and ._-) and either `key` (1 to 1,024 bytes) or
/// `key_sha256` are required; names and secrets must differ; unknown, repeated and ill-typed fields are problems.
keys_or_problem parse_keys(std::string_view json);

/// The same of a file of at most 1 MiB. The problem names the path. Blocks.
keys_or_problem read_keys(const std::string& path);

/// An entry for the file with a fresh random key, as JSON on one line; nothing when `name` cannot be a name.
std::optional<std::string> new_key_entry(std::string_view name);

} // namespace ttsave::access
