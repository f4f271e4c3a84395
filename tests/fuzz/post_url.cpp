// Shared contract, "Accepted urls": whatever is accepted leads to TikTok and nowhere else.

#include "links.hpp"
#include "targets.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace ttsave::fuzz {
namespace {

bool names_tiktok(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text.find("tiktok.com/") != std::string::npos || text.find("tiktokv.com/") != std::string::npos ||
           text.find("tiktok.com:") != std::string::npos || text.find("tiktokv.com:") != std::string::npos;
}

std::optional<std::string> address_in(std::string_view text)
{
    const auto link = extraction::find_post_link(text);
    return link ? std::optional(address_of(*link)) : std::nullopt;
}

} // namespace

void post_url(std::string_view bytes)
{
    const std::string text(bytes);
    const auto whole = extraction::parse_post_link(text);
    if (whole) {
        check_link(*whole);
        require(names_tiktok(text), "what is accepted names TikTok's host in plain letters");
        const auto at = text.substr(0, text.find_first_of("?#")).find('@');
        require(at == std::string::npos || (at > 0 && text[at - 1] == '/'), "there is no user info");
    }
    const auto found = extraction::find_post_link(text);
    if (found) {
        check_link(*found);
        require(names_tiktok(text), "what is found names TikTok's host in plain letters");
    }
    const auto address = address_in(text);
    require(address_in(" \t" + text + "\r\n") == address, "white space around a text changes nothing");
    require(address_in("Смотри " + text + " 😀") == address, "words without a link change nothing");
}

} // namespace ttsave::fuzz
