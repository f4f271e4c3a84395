#pragma once

// Texts that are UTF-8, and those that are not.

#include "core/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace ttsave::test {

inline bool is_utf8(std::string_view text)
{
    for (std::size_t length = 0; !text.empty(); text.remove_prefix(length)) {
        length = utf8_length(text);
        if (length == 0)
            return false;
    }
    return true;
}

/// As extractors do it: what is no UTF-8 becomes U+FFFD.
inline std::string as_utf8(std::string_view bytes)
{
    std::string text;
    while (!bytes.empty()) {
        const auto length = utf8_length(bytes);
        text.append(length > 0 ? bytes.substr(0, length) : "\xef\xbf\xbd");
        bytes.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return text;
}

} // namespace ttsave::test
