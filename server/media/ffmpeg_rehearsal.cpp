#include "media/ffmpeg_rehearsal.hpp"

#include "media/ffmpeg_arguments.hpp"
#include "media/still_picture.hpp"

#include <spdlog/spdlog.h>

namespace ttsave::media {

boost::asio::awaitable<bool> ffmpeg_rehearsal::succeeds()
{
    if (has_succeeded_)
        co_return true;
    const auto made = co_await ffmpeg_.run(rehearsal_job());
    has_succeeded_ = made && still_picture::parse(*made);
    if (has_succeeded_)
        spdlog::info("ffmpeg ready");
    else if (made || made.error() != errc::slideshow_unavailable)
        spdlog::error("ffmpeg cannot make H.264 and AAC as it has to; its log, at debug level, says more");
    if (!has_succeeded_)
        spdlog::error("no video can be made of photos: VIDEO_ONLY fails for photo posts until ffmpeg is there");
    co_return has_succeeded_;
}

} // namespace ttsave::media
