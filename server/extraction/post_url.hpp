#pragma once

// The grammar of links to TikTok posts: what is accepted, and the one form each is known by. Pure functions.
// Source: shared contract, "The request body of download", "Accepted urls".

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ttsave::extraction {

/// A post, by its numeric id. `user` is what the link called its author, possibly empty: part of the page's address,
/// not of the post's identity.
struct post_ref {
    std::string id;
    std::string user;

    /// The address of the post's page in the one form that yt-dlp accepts.
    std::string page_url() const;
};

/// A short link, not yet followed: `https://HOST/CODE` or `https://www.tiktok.com/t/CODE`.
struct short_link {
    std::string host;
    std::string path;

    std::string url() const;
};

using post_link = std::variant<post_ref, short_link>;

/// Parses `url` as one link: absolute, or without its scheme. Nothing when it is anything but a post or a short link:
/// another host, a user-info part, an explicit port other than 80 and 443, another scheme, a profile...
std::optional<post_link> parse_post_link(std::string_view url);

/// The first link to a post in `text`, which may be the link alone or what phones copy around it.
std::optional<post_link> find_post_link(std::string_view text);

} // namespace ttsave::extraction
