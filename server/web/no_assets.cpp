// Of a server that is built without the page.

#include "web/asset.hpp"

namespace ttsave::web {

std::span<const asset> embedded_assets()
{
    return {};
}

} // namespace ttsave::web
