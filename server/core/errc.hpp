#pragma once

// Every way in which a request can fail for a reason we expect, and the stable code of each.
// Thread-safe: constants only.

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <optional>
#include <string_view>

namespace ttsave {

template <typename T>
using result = boost::system::result<T>;
using error_code = boost::system::error_code;

/// Expected failures. The first block are the contract's "Codes of posts that cannot be had"; what HTTP makes of each
/// is decided in one place, api/error_mapping.
enum class errc {
    post_private = 1,    ///< private post or account, friends only
    post_unavailable,    ///< removed, region-blocked, unknown status, no such id
    post_login_required, ///< TikTok wants a login, or the post is age-classified
    post_unsupported,    ///< the link leads to something that is not a post we can deliver
    post_too_large,      ///< over `max_file_bytes`
    tiktok_blocked,      ///< TikTok refused us, or we no longer understand it
    tiktok_timeout,      ///< the page did not answer in time
    tiktok_error,        ///< the page answered 5xx, reset the connection or broke off, twice
    media_unavailable,   ///< no source of the media gave it
    extractor_failed,    ///< the extractor died twice on the job, is not there, or raised something unknown

    media_broken,          ///< the media arrived, but nothing can decode it
    slideshow_unavailable, ///< there is no ffmpeg to make a video of photos with
    slideshow_failed,      ///< ffmpeg was killed, took too long, or failed in a way that no photo explains

    storage_failed,  ///< the spool could not be written
    overloaded,      ///< a limit of this server is reached; the same request may succeed shortly
    shutting_down,   ///< the server is being stopped
    marker_in_media, ///< the bytes hold the boundary that the header has already promised
};

/// The stable, machine-readable code of `value` as it appears in an error body's `code`.
std::string_view stable_code(errc value) noexcept;

/// The post failure that an extractor names by its stable code; nothing for any other text.
std::optional<errc> post_failure_from_code(std::string_view code) noexcept;

error_code make_error_code(errc value) noexcept;

} // namespace ttsave

namespace boost::system {
template <>
struct is_error_code_enum<ttsave::errc> : std::true_type {
};
} // namespace boost::system
