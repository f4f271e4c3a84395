#pragma once

// What is promised of every link that is accepted, wherever it came from.

#include "extraction/post_url.hpp"
#include "require.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace ttsave::fuzz {

inline bool consists_of(std::string_view text, std::string_view characters)
{
    return text.find_first_not_of(characters) == std::string_view::npos;
}

inline constexpr std::string_view digits = "0123456789";
inline constexpr std::string_view name_characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.-";

inline std::string address_of(const extraction::post_link& link)
{
    const auto* const post = std::get_if<extraction::post_ref>(&link);
    return post ? post->page_url() : std::get<extraction::short_link>(link).url();
}

/// One of the canonical forms, on TikTok's own hosts, which is read as itself again.
inline void check_link(const extraction::post_link& link)
{
    const std::string address = address_of(link);
    if (const auto* const post = std::get_if<extraction::post_ref>(&link)) {
        require(!post->id.empty() && post->id.size() <= 20 && consists_of(post->id, digits), "an id is 1 to 20 digits");
        require(consists_of(post->user, name_characters), "a user is a name");
        require(address.starts_with("https://www.tiktok.com/@"), "a post's page is TikTok's");
    } else {
        const auto& code = std::get<extraction::short_link>(link);
        const bool is_known = code.host == "vm.tiktok.com" || code.host == "vt.tiktok.com" ||
                              (code.host == "www.tiktok.com" && code.path.starts_with("/t/"));
        require(is_known, "a short link's host is TikTok's");
        require(code.path.starts_with('/') && consists_of(code.path.substr(code.path.rfind('/') + 1), name_characters),
                "a short link's path is a code");
    }
    const auto again = extraction::parse_post_link(address);
    require(again && address_of(*again) == address, "the canonical form is read as itself");
}

} // namespace ttsave::fuzz
