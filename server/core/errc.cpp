#include "core/errc.hpp"

#include <array>
#include <string>

namespace ttsave {
namespace {

class category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "ttsave"; }
    std::string message(int value) const override { return std::string(stable_code(static_cast<errc>(value))); }
};

constexpr std::array post_failures{
    errc::post_private,      errc::post_unavailable, errc::post_login_required, errc::post_unsupported,
    errc::post_too_large,    errc::tiktok_blocked,   errc::tiktok_timeout,      errc::tiktok_error,
    errc::media_unavailable, errc::extractor_failed,
};

} // namespace

std::string_view stable_code(errc value) noexcept
{
    switch (value) {
    case errc::post_private: return "post.private";
    case errc::post_unavailable: return "post.unavailable";
    case errc::post_login_required: return "post.login_required";
    case errc::post_unsupported: return "post.unsupported";
    case errc::post_too_large: return "post.too_large";
    case errc::tiktok_blocked: return "tiktok.blocked";
    case errc::tiktok_timeout: return "tiktok.timeout";
    case errc::tiktok_error: return "tiktok.error";
    case errc::media_unavailable: return "media.unavailable";
    case errc::extractor_failed: return "extractor.failed";
    case errc::media_broken: return "media.broken";
    case errc::slideshow_unavailable: return "slideshow.unavailable";
    case errc::slideshow_failed: return "slideshow.failed";
    case errc::storage_failed: return "storage.failed";
    case errc::overloaded: return "server.overloaded";
    case errc::shutting_down: return "server.shutting_down";
    case errc::marker_in_media: return "media.marker";
    }
    return "unknown";
}

std::optional<errc> post_failure_from_code(std::string_view code) noexcept
{
    for (const errc value : post_failures)
        if (stable_code(value) == code)
            return value;
    return std::nullopt;
}

error_code make_error_code(errc value) noexcept
{
    static const category instance;
    return {static_cast<int>(value), instance};
}

} // namespace ttsave
