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

} // namespace ttsave
