#pragma once

// The address of a proxy as operators write it. Pure functions.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ttsave {

/// An http, https or socks5 URL with a host; whatever follows the host and the port counts for nothing.
class proxy_url {
public:
    /// What a text has to be that `parse` takes, for messages.
    static constexpr std::string_view form =
        "must be a URL such as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT";

    /// Nothing for any other text. Throws std::bad_alloc.
    static std::optional<proxy_url> parse(std::string_view text);

    /// As it was written. May hold credentials: never to be logged.
    const std::string& text() const { return text_; }

    /// Scheme, host and port: what may be shown to people.
    const std::string& address() const { return address_; }

private:
    proxy_url(std::string text, std::string address) : text_(std::move(text)), address_(std::move(address)) {}

    std::string text_;
    std::string address_;
};

} // namespace ttsave
