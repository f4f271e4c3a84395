#pragma once

// What every libcurl handle of this process has in common: its way out, and the guard on it.

#include "net/route.hpp"

#include <curl/curl.h>

#include <memory>
#include <string>

namespace ttsave::net {

/// What holds for every way out. Plain values, copied freely.
struct network_options {
    std::string ca_file; ///< PEM file of authorities trusted besides the system's; empty: none
};

struct easy_deleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using easy_handle = std::unique_ptr<CURL, easy_deleter>;

/// A fresh handle for `way` with `options` applied: only http and https, no redirects followed, no proxy or .netrc
/// taken from the environment, no signals. Without a proxy there is no connection to an address that is not public
/// (is_public), judged after name resolution, and none at all where no way has been chosen; what is so refused fails
/// with CURLE_COULDNT_CONNECT.
/// Throws std::bad_alloc. Thread-safe.
easy_handle make_easy_handle(const network_options& options, const route& way);

} // namespace ttsave::net
