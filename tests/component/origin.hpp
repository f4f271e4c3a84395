#pragma once

// Hosts that give files as a test tells them to: the scripted server plays the proxy that a fetcher's transfers go
// through.

#include "media/fetcher.hpp"
#include "scripted_server.hpp"
#include "ways.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace ttsave::test {

inline constexpr const char* etag = "ETag: \"one\"\r\n";

/// What these hosts speak: they have no certificates.
inline const net::web_scheme plain_http{"http", "80"};

/// A file that any recogniser takes for an MP4.
std::string video_of(std::size_t size);

/// A response's head; `more` are lines with their ends.
std::string head_of(const std::string& status, std::size_t length, const std::string& more = {});
/// The whole file as a response.
std::string whole(const std::string& body, const std::string& more = {});
/// The file from `begin` on.
std::string range_of(const std::string& body, std::size_t begin, const std::string& more);

/// Gives each host its answers in turn, and notes what was asked.
class origin {
public:
    using answer = std::function<void(scripted_connection&, const std::string& head)>;

    origin() : server_([this](scripted_connection& peer, std::size_t) { serve(peer); }) {}

    void add(const std::string& host, answer next) { answers_[host].push_back(std::move(next)); }
    void add(const std::string& host, std::string bytes);

    /// The requests' heads, in the order in which they came.
    std::vector<std::string> heads() const;
    std::string url() const { return server_.url(); }

    /// What asks these hosts for a video, with a stall timeout of a second.
    media::fetch_request request_for(const std::vector<std::string>& hosts, std::uint64_t max_bytes = 1'000'000) const;

private:
    void serve(scripted_connection& peer);

    mutable std::mutex mutex_;
    std::map<std::string, std::vector<answer>> answers_;
    std::vector<std::string> heads_;
    scripted_server server_;
};

} // namespace ttsave::test
