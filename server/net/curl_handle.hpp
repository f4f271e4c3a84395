#pragma once

// What every libcurl handle of this process has in common: the configured way out, and the guard on it.

#include <curl/curl.h>

#include <memory>
#include <string>

namespace ttsave::net {

/// How this server reaches the network. Plain values, copied freely.
struct network_options {
    std::string proxy;   ///< http, https or socks5 URL; empty: connect directly, never to a non-public address
    std::string ca_file; ///< PEM file of authorities trusted besides the system's; empty: none
};

struct easy_deleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using easy_handle = std::unique_ptr<CURL, easy_deleter>;

/// A fresh handle with `options` applied: only http and https, no redirects followed, no proxy or .netrc taken from
/// the environment, no signals, and, without a proxy, no connection to an address that is not public (is_public),
/// judged after name resolution. A connection so refused fails with CURLE_COULDNT_CONNECT.
/// Throws std::bad_alloc. Thread-safe.
easy_handle make_easy_handle(const network_options& options);

} // namespace ttsave::net
