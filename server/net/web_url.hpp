#pragma once

// Addresses on the web that a page or a redirect may send this server to. Pure functions: nothing is resolved, and what
// a name resolves to is judged where the connection is opened (curl_handle).

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ttsave::net {

/// Whether `name`, in lower case, can be a host's on the public Internet: labels of letters, digits, hyphens and
/// underscores, two at least, the last of which begins with a letter, which no spelling of an address does, and is
/// none that only means something locally ("localhost", "internal"...).
bool is_public_name(std::string_view name);

/// How the web is spoken to: one scheme, on its own port.
struct web_scheme {
    std::string name = "https";
    std::string port = "443";
};

/// An absolute URL that may be asked for: of that scheme and port, without user info, of a host with a public name.
/// The name stands in the text as libcurl understands it, so that what has been judged is what is connected to.
class web_url {
public:
    /// Nothing when `text` is any other URL, or holds anything that parsers are known to read differently: control
    /// characters, white space, backslashes, non-ASCII. Throws std::bad_alloc.
    static std::optional<web_url> parse(std::string_view text, const web_scheme& scheme = {});

    /// Where `location`, the header of a response from here (RFC 9110 section 10.2.2), leads, judged as by `parse`.
    std::optional<web_url> redirect(std::string_view location) const;

    const std::string& text() const { return text_; }
    /// In lower case.
    const std::string& host() const { return host_; }

private:
    web_url(web_scheme scheme, std::string text, std::string host)
        : scheme_(std::move(scheme)), text_(std::move(text)), host_(std::move(host))
    {
    }

    web_scheme scheme_;
    std::string text_;
    std::string host_;
};

} // namespace ttsave::net
