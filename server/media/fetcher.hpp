#pragma once

// Gets one file from the first of several sources that really has it.

#include "core/errc.hpp"
#include "media/media_sink.hpp"
#include "net/transfer_engine.hpp"
#include "net/web_url.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ttsave::media {

/// One place the file can be had from.
struct fetch_source {
    std::string url;
    std::vector<std::string> headers; ///< "Name: value"
    std::string cookies;
};

struct fetch_request {
    net::route way;
    std::vector<fetch_source> sources; ///< in order of preference
    media_class expected{};
    bool prefers_sound = false; ///< a video without a sound track is taken only when no source has one with it
    std::uint64_t max_bytes = 0;
    std::chrono::seconds stall_timeout{20};
};

/// Thread-safe; must outlive its operations.
class fetcher {
public:
    /// Sources and redirects count only if they have `scheme`.
    explicit fetcher(net::transfer_engine& engine, net::web_scheme scheme = {})
        : engine_(engine), scheme_(std::move(scheme))
    {
    }

    /// Fetches the file into `sink`; returns when it is complete.
    ///
    /// Until a source has delivered leading bytes of the expected class, the next one is tried in its place: after an
    /// error, an HTML page, nothing, redirects to where we must not go or more than five, or a size over the limit;
    /// also, where sound is preferred, after an MP4 without a sound track. (Its bytes are held back until its index
    /// tells, and an index behind the media is asked for; one that cannot be had early counts as if it named one.) From
    /// then on, the sink has begun, and a transfer that breaks is resumed from any source that proves to hold the same
    /// file (content_validator); the file is never started over. An MP4 whose size the source did not tell is complete
    /// only if it ends where one can.
    ///
    /// While the sink has no room the transfer stands still, for as long as it takes: that is not a stall. Should the
    /// connection break meanwhile, it is resumed like any other.
    ///
    /// Errors: media_unavailable, post_too_large, and what the sink's append returns. Cancellation: terminal; the
    /// transfer stops, and the sink is let go of as soon as a call that is being made has returned.
    boost::asio::awaitable<result<void>> fetch(fetch_request request, std::shared_ptr<media_sink> sink);

private:
    net::transfer_engine& engine_;
    const net::web_scheme scheme_;
};

} // namespace ttsave::media
