#include "core/random_token.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace ttsave {

std::string random_token(std::size_t bytes)
{
    std::vector<unsigned char> raw(bytes);
    for (std::size_t filled = 0; filled < bytes;) {
        const auto got = ::getrandom(raw.data() + filled, bytes - filled, 0);
        if (got < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "getrandom");
        if (got > 0)
            filled += static_cast<std::size_t>(got);
    }
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes);
    for (const unsigned char byte : raw) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace ttsave
