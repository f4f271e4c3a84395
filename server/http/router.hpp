#pragma once

// Which handler answers which request. Built once, then only read.

#include "http/exchange.hpp"
#include "http/guard.hpp"
#include "http/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ttsave::http {

/// Has its answer at once.
using immediate_handler = std::function<response(const request&)>;

/// Takes its time, and streams if it likes. Cancelled when the client leaves.
using stream_handler = std::function<boost::asio::awaitable<void>(exchange&)>;

using handler = std::variant<immediate_handler, stream_handler>;

enum class body_policy {
    keep,   ///< in memory, up to limits::body_bytes
    ignore, ///< read to its end, of any length
};

struct route {
    std::string path;
    std::vector<verb> methods;
    body_policy body{};
    handler handle;
    guard admit{};       ///< without one, everybody is answered
    std::string group{}; ///< of routes that are counted as one; empty: it is counted by its path

    const std::string& counted_as() const { return group.empty() ? path : group; }
};

/// The path exists, but not for this method.
struct method_not_allowed {
    std::string allow; ///< the Allow header's value
};

struct not_found {};

class router {
public:
    void add(route added) { routes_.push_back(std::move(added)); }

    /// What the routes are counted as, each once; as long as the router is there and nothing is added.
    std::vector<std::string_view> counted() const;

    using match = std::variant<const route*, method_not_allowed, not_found>;
    match find(verb method, std::string_view path) const;

    const std::vector<route>& all() const { return routes_; }

private:
    std::vector<route> routes_;
};

/// The decoded path of a request target in origin or absolute form (RFC 9112 section 3.2); empty if it is neither.
std::string path_of(std::string_view target);

} // namespace ttsave::http
