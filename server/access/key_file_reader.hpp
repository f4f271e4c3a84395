#pragma once

// What the events of a JSON parser make of a file of API keys.

#include "access/key_ring.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::access {

bool is_key_name(std::string_view text);

/// A walk through the document. Each event returns false once something is wrong with it: problem() then says what.
class key_file_reader {
public:
    bool begin_object();
    bool end_object();
    bool begin_array();
    bool end_array();
    bool field(std::string_view name);
    bool text(std::string_view value);
    bool number(std::uint64_t value);
    bool other(); ///< any other value

    const std::string& problem() const { return problem_; }
    std::vector<api_key>& keys() { return keys_; }

private:
    enum class place { outside, root, keys, key, networks };

    bool is_wrong(std::string what);
    bool set_secret(const sha256_digest& digest);
    bool wrong_value();

    place place_ = place::outside;
    std::string field_;          // whose value comes next, in the root and in a key
    std::set<std::string> seen_; // fields of the key
    std::vector<api_key> keys_;
    std::string problem_;
};

} // namespace ttsave::access
