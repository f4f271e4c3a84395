#include "extraction/post_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

namespace ttsave::extraction {
namespace {

// TikTok's ids have 19 digits today; 20 is what 64 bits can hold.
constexpr std::size_t longest_id = 20;
constexpr std::size_t longest_code = 64;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_id(std::string_view text)
{
    return !text.empty() && text.size() <= longest_id && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_code(std::string_view text)
{
    return !text.empty() && text.size() <= longest_code &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '-'; });
}

bool is_user(std::string_view text)
{
    return text.size() <= longest_code &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

std::string lower(std::string_view text)
{
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](unsigned char c) { return std::tolower(c); });
    return lowered;
}

bool is_site_host(std::string_view host)
{
    constexpr std::array<std::string_view, 6> hosts{"www.tiktok.com",  "m.tiktok.com",  "tiktok.com",
                                                    "www.tiktokv.com", "m.tiktokv.com", "tiktokv.com"};
    return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

bool is_short_host(std::string_view host)
{
    return host == "vm.tiktok.com" || host == "vt.tiktok.com";
}

std::vector<std::string> segments_of(const boost::urls::url_view& url)
{
    std::vector<std::string> segments;
    for (const auto& segment : url.segments())
        segments.emplace_back(segment);
    if (!segments.empty() && segments.back().empty())
        segments.pop_back(); // a trailing slash
    return segments;
}

std::optional<post_link> post_by_id(std::string_view id, std::string_view user = {})
{
    if (!is_id(id) || !is_user(user))
        return std::nullopt;
    return post_ref{std::string(id), std::string(user)};
}

std::optional<post_link> match_site_path(const std::vector<std::string>& path)
{
    if (path.size() == 3 && path[0].starts_with('@') && (path[1] == "video" || path[1] == "photo"))
        return post_by_id(path[2], std::string_view(path[0]).substr(1));
    if (path.size() == 3 && ((path[0] == "share" && path[1] == "video") || (path[0] == "embed" && path[1] == "v2")))
        return post_by_id(path[2]);
    if (path.size() != 2)
        return std::nullopt;
    if (path[0] == "video" || path[0] == "embed")
        return post_by_id(path[1]);
    if (path[0] == "v") {
        std::string_view id = path[1];
        if (id.ends_with(".html"))
            id.remove_suffix(5);
        return post_by_id(id);
    }
    if (path[0] == "t" && is_code(path[1]))
        return short_link{"www.tiktok.com", "/t/" + path[1]};
    return std::nullopt;
}

std::optional<post_link> match(const boost::urls::url_view& url)
{
    if (url.has_userinfo() || url.host_type() != boost::urls::host_type::name)
        return std::nullopt;
    if (url.scheme_id() != boost::urls::scheme::https && url.scheme_id() != boost::urls::scheme::http)
        return std::nullopt;
    // Boost.URL 1.81 lets anything follow a port, and its port_number() counts modulo 65536.
    if (!url.port().empty() && url.port() != "443" && url.port() != "80")
        return std::nullopt;
    if (!url.encoded_path().empty() && url.encoded_path().front() != '/')
        return std::nullopt;
    const std::string host = lower(url.encoded_host());
    const auto path = segments_of(url);
    if (is_site_host(host))
        return match_site_path(path);
    if (is_short_host(host) && path.size() == 1 && is_code(path[0]))
        return short_link{host, "/" + path[0]};
    return std::nullopt;
}

bool has_scheme(std::string_view text)
{
    const std::string head = lower(text.substr(0, 8));
    return head.starts_with("https://") || head.starts_with("http://");
}

/// Characters that can stand inside a link as it is copied around. Everything else, white space and all that is not
/// ASCII among it, separates.
bool is_link_character(char c)
{
    static constexpr std::string_view separators = "\"<>()[]{}|\\^`";
    return c > ' ' && c < 0x7f && separators.find(c) == std::string_view::npos;
}

/// Where the scheme begins in "label:https://...", unless what stands before it is itself part of a link.
std::string_view without_label(std::string_view word)
{
    const std::string lowered = lower(word);
    const auto found = std::min(lowered.find("https://"), lowered.find("http://"));
    if (found == std::string::npos || word.substr(0, found).find_first_of("/?#&=%@") != std::string_view::npos)
        return word;
    if (found > 0 && is_word(word[found - 1]))
        return word; // the end of another scheme's name, as in "shttp://"
    return word.substr(found);
}

std::optional<post_link> link_in_word(std::string_view word)
{
    word = without_label(word);
    if (auto link = parse_post_link(word))
        return link;
    // A sentence's punctuation sticks to the link's end; inside one it is rare, so the whole was tried first.
    static constexpr std::string_view punctuation = ".,;:!?'*~";
    const auto first = word.find_first_not_of("'*~");
    if (first == std::string_view::npos)
        return std::nullopt;
    word.remove_prefix(first);
    return parse_post_link(word.substr(0, word.find_last_not_of(punctuation) + 1));
}

} // namespace

std::string post_ref::page_url() const
{
    return "https://www.tiktok.com/@" + (user.empty() ? "_" : user) + "/video/" + id;
}

std::string short_link::url() const
{
    return "https://" + host + path;
}

std::optional<post_link> parse_post_link(std::string_view url)
{
    const std::string absolute = has_scheme(url) ? std::string(url) : "https://" + std::string(url);
    const auto parsed = boost::urls::parse_uri(std::string_view(absolute).substr(0, absolute.find_first_of("?#")));
    if (!parsed)
        return std::nullopt;
    return match(*parsed);
}

std::optional<post_link> find_post_link(std::string_view text)
{
    while (!text.empty()) {
        const auto begin = std::find_if(text.begin(), text.end(), is_link_character);
        const auto end = std::find_if_not(begin, text.end(), is_link_character);
        if (begin != end)
            if (auto link = link_in_word(std::string_view(&*begin, static_cast<std::size_t>(end - begin))))
                return link;
        text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
    return std::nullopt;
}

} // namespace ttsave::extraction
