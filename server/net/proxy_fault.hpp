#pragma once

// Tells a proxy that does not work from a host that does not.

#include <curl/curl.h>

#include <optional>
#include <string>

namespace ttsave::net {

/// What is wrong with the proxy through which `handle`, whose transfer has ended with `code`, went; one phrase for the
/// log. Nothing when that was the host's doing, or may have been: the proxy has to be plainly at fault.
std::optional<std::string> proxy_fault(CURL* handle, CURLcode code);

/// Whether the https transfer of `handle`, which has ended, got as far as an established TLS connection to its host.
bool has_reached_host(CURL* handle);

} // namespace ttsave::net
