#include "api/error_mapping.hpp"

#include "http/error_response.hpp"

namespace ttsave::api {
namespace {

http::response response_for(errc failure)
{
    switch (failure) {
    case errc::post_private:
    case errc::post_unavailable:
    case errc::post_login_required:
    case errc::post_unsupported:
    case errc::post_too_large:
    case errc::tiktok_blocked:
    case errc::tiktok_timeout:
    case errc::tiktok_error:
    case errc::media_unavailable:
    case errc::extractor_failed:
    case errc::media_broken:
        return http::error_response(http::status::bad_request, "No files available for download", stable_code(failure));
    case errc::slideshow_unavailable:
        return http::internal_error("this server cannot make videos of photos", stable_code(failure));
    case errc::slideshow_failed: return http::internal_error("the video could not be made", stable_code(failure));
    case errc::storage_failed:
        return http::error_response(http::status::internal_server_error, "Failed to save the file",
                                    stable_code(failure));
    case errc::overloaded:
    case errc::shutting_down: return http::service_unavailable();
    case errc::marker_in_media: break; // only ever found after the header has left
    }
    return http::internal_error("unexpected failure, see the server's log", stable_code(failure));
}

} // namespace

http::response failure_response(const error_code& failure)
{
    static const auto* const category = &make_error_code(errc::storage_failed).category();
    if (failure.category() != *category)
        return http::internal_error("unexpected failure, see the server's log");
    return response_for(static_cast<errc>(failure.value()));
}

} // namespace ttsave::api
