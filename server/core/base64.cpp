#include "core/base64.hpp"

// Beast's own encoder; wrapped here so that its private name stands in one place.
#include <boost/beast/core/detail/base64.hpp>

namespace ttsave {

std::string base64_encode(std::string_view bytes)
{
    namespace base64 = boost::beast::detail::base64;
    std::string encoded(base64::encoded_size(bytes.size()), '\0');
    encoded.resize(base64::encode(encoded.data(), bytes.data(), bytes.size()));
    return encoded;
}

std::optional<std::string> base64_decode(std::string_view text)
{
    namespace base64 = boost::beast::detail::base64;
    if (text.size() % 4 != 0)
        return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    std::string bytes(base64::decoded_size(text.size() + 3), '\0');
    const auto [written, read] = base64::decode(bytes.data(), text.data(), text.size());
    if (read != text.size())
        return std::nullopt;
    bytes.resize(written);
    return bytes;
}

} // namespace ttsave
