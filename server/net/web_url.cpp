#include "net/web_url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <new>
#include <utility>

namespace ttsave::net {
namespace {

struct curl_url_deleter {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using curl_url_handle = std::unique_ptr<CURLU, curl_url_deleter>;

struct curl_text_deleter {
    void operator()(char* text) const noexcept { curl_free(text); }
};

constexpr std::size_t longest_name = 253; // RFC 1035 section 2.3.4, as text

// RFC 6761, RFC 6762 with its appendix G, RFC 7686, RFC 8375, RFC 9476; and what many resolv.conf files search.
constexpr std::array<std::string_view, 14> local_domains{
    "alt", "arpa",  "corp",        "home",      "internal", "intranet", "invalid",
    "lan", "local", "localdomain", "localhost", "onion",    "private",  "test",
};

bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

bool is_label(std::string_view label)
{
    return !label.empty() && std::all_of(label.begin(), label.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

std::string lower(std::string_view text)
{
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](unsigned char c) { return std::tolower(c); });
    return lowered;
}

bool is_plain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
}

/// Sets the URL or, where one is set already, follows a reference from it.
bool set_url(CURLU* url, const std::string& text)
{
    return curl_url_set(url, CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) == CURLUE_OK;
}

curl_url_handle make_url(const std::string& text)
{
    curl_url_handle url(curl_url());
    if (!url)
        throw std::bad_alloc();
    return set_url(url.get(), text) ? std::move(url) : nullptr;
}

/// A part of the URL; empty when it has none.
std::string part_of(CURLU* url, CURLUPart part)
{
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
        return {};
    const std::unique_ptr<char, curl_text_deleter> owned(text);
    return text;
}

/// Whether a reference is a URL of its own: no path may have a colon in its first segment (RFC 3986 section 4.2).
bool has_scheme(std::string_view reference)
{
    return reference.substr(0, reference.find_first_of("/?#")).find(':') != std::string_view::npos;
}

} // namespace

bool is_public_name(std::string_view name)
{
    if (name.size() > longest_name)
        return false;
    std::size_t labels = 1;
    for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.'), ++labels) {
        if (!is_label(name.substr(0, dot)))
            return false;
        name.remove_prefix(dot + 1);
    }
    return labels > 1 && is_label(name) && is_letter(name.front()) &&
           std::find(local_domains.begin(), local_domains.end(), name) == local_domains.end();
}

std::optional<web_url> web_url::parse(std::string_view text, const web_scheme& scheme)
{
    if (!is_plain(text))
        return std::nullopt;
    std::string owned(text);
    const auto url = make_url(owned);
    std::string host = url ? lower(part_of(url.get(), CURLUPART_HOST)) : std::string();
    // Whatever spelling libcurl has decoded, normalised or taken for something else is not what stands here.
    const std::string expected = scheme.name + "://" + host;
    if (!is_public_name(host) || !lower(text.substr(0, expected.size())).starts_with(expected))
        return std::nullopt;
    auto rest = text.substr(expected.size());
    if (const std::string port = ':' + scheme.port; rest.starts_with(port))
        rest.remove_prefix(port.size());
    if (!rest.empty() && std::string_view("/?#").find(rest.front()) == std::string_view::npos)
        return std::nullopt;
    return web_url(scheme, std::move(owned), std::move(host));
}

std::optional<web_url> web_url::redirect(std::string_view location) const
{
    if (!is_plain(location))
        return std::nullopt;
    if (has_scheme(location))
        return parse(location, scheme_);
    if (location.starts_with("//"))
        return parse(scheme_.name + ':' + std::string(location), scheme_);
    const auto url = make_url(text_);
    if (!url || !set_url(url.get(), std::string(location)))
        return std::nullopt;
    return parse(part_of(url.get(), CURLUPART_URL), scheme_);
}

} // namespace ttsave::net
