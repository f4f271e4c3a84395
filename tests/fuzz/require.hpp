#pragma once

// How a target says that a promise is broken.

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace ttsave::fuzz {

/// Ends the process unless `holds`; whoever feeds the bytes then knows which ones did it.
inline void require(bool holds, std::string_view promise)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
    std::abort();
}

} // namespace ttsave::fuzz
