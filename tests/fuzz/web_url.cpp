// net/web_url.hpp: libcurl, which fetches the URL, must find the same public host in it as the check did, also behind
// any redirect. The first line of the input is the URL, the rest the Location of an answer from there.

#include "net/web_url.hpp"

#include "require.hpp"
#include "targets.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string>

namespace ttsave::fuzz {
namespace {

struct deleter {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part)
{
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
        return {};
    const std::string copy(text);
    curl_free(text);
    return copy;
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

void check(const net::web_url& accepted)
{
    const auto& text = accepted.text();
    require(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\'; }),
            "a URL is one plain word");
    const auto start = "https://" + accepted.host();
    require(lower(text).starts_with(start), "the host stands in plain sight");
    const auto next = text.substr(start.size(), 1);
    require(next.empty() || std::string_view(":/?#").find(next) != std::string_view::npos, "it stands there whole");
    require(net::is_public_name(accepted.host()), "the host is a public name");
    const std::unique_ptr<CURLU, deleter> url(curl_url());
    // As an easy handle parses it (libcurl 7.88, parseurlandfillconn).
    constexpr unsigned flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE;
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), flags) != CURLUE_OK)
        return; // nothing is fetched then
    require(part_of(url.get(), CURLUPART_SCHEME) == "https", "only https is spoken");
    require(part_of(url.get(), CURLUPART_USER).empty(), "no user is made up");
    const auto port = part_of(url.get(), CURLUPART_PORT);
    require(port.empty() || port == "443", "only on its own port");
    require(lower(part_of(url.get(), CURLUPART_HOST)) == accepted.host(), "both find the same host");
}

} // namespace

void web_url(std::string_view bytes)
{
    const auto end = std::min(bytes.find('\n'), bytes.size());
    const auto from = net::web_url::parse(bytes.substr(0, end));
    if (!from)
        return;
    check(*from);
    if (const auto to = end < bytes.size() ? from->redirect(bytes.substr(end + 1)) : std::nullopt)
        check(*to);
}

} // namespace ttsave::fuzz
