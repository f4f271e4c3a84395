#include "app/canary_links.hpp"

#include "extraction/post_url.hpp"

namespace ttsave::app {

std::optional<std::string> canary_problem(const settings::settings& chosen)
{
    for (const auto& link : chosen.canary_urls)
        if (!extraction::parse_post_link(link))
            return "canary_urls: " + link + " is not a link to a post of TikTok";
    return std::nullopt;
}

} // namespace ttsave::app
