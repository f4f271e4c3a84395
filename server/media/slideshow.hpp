#pragma once

// One good video of a post's photos and its sound.

#include "core/errc.hpp"
#include "core/unique_fd.hpp"
#include "media/ffmpeg.hpp"
#include "media/image_header.hpp"
#include "media/media_type.hpp"
#include "media/photo_filter.hpp"
#include "media/slideshow_plan.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::media {

struct slideshow_options {
    slideshow_background background = slideshow_background::blur;
    std::chrono::seconds shortest{3}; ///< that a photo is shown for
    std::chrono::seconds longest{10}; ///< not less than `shortest`
};

/// What a slideshow is made with; must outlive it.
struct slideshow_services {
    ffmpeg& encoder;
    boost::asio::thread_pool& disk; ///< for calls that may block
    /// Makes an empty file for what lies between the photos and the video, and for the video.
    std::function<boost::asio::awaitable<result<unique_fd>>()> make_file;
};

/// A whole file of ours, open for reading.
struct media_file {
    int descriptor = -1;
    media_type type{};
};

/// Makes an MP4 of H.264 (High, 4:2:0, 25 frames a second) and AAC, the index in front: what everything plays.
///
/// Each photo is decoded, scaled and encoded as one picture as soon as it is there; how long it is shown is decided at
/// the end and costs nothing more (still_picture). The picture size is guessed from what the page claims of the photos;
/// should they turn out otherwise, they are encoded anew.
///
/// Not thread-safe: all calls on one executor that runs one handler at a time; calls of add_* may overlap.
/// Cancellation of each: terminal; the process is killed.
class slideshow {
public:
    /// What `finish` makes.
    static constexpr media_type type{media_class::video, "video/mp4", "mp4"};

    /// `claimed`: the size of each photo (at least one), as far as the page tells it.
    slideshow(slideshow_services services, slideshow_options options,
              const std::vector<std::optional<pixel_size>>& claimed);

    /// Takes the photo at `index`, once each; it stays open until `finish` has returned.
    /// Errors: media_broken (it cannot be decoded), storage_failed, those of ffmpeg::run and of `make_file`.
    boost::asio::awaitable<result<void>> add_photo(std::size_t index, media_file photo);

    /// Takes the sound, at most once. AAC is taken over as it is, everything else encoded. Errors: as add_photo.
    boost::asio::awaitable<result<void>> add_sound(media_file sound);

    /// Makes the video of all that has been added; every photo must have been. Errors: as add_photo.
    boost::asio::awaitable<result<unique_fd>> finish();

private:
    struct photo {
        std::optional<pixel_size> size; // as shown; what the page claims until the photo is there
        media_file source;
        std::optional<image_header> header;
        unique_fd still;           // the first frame of an animation, which stands for it
        unique_fd encoded;         // H.264, one picture of...
        pixel_size encoded_size{}; // ...this size
    };

    boost::asio::awaitable<result<void>> encode(photo& each, pixel_size size);
    boost::asio::awaitable<result<void>> take_first_frame(photo& each);
    boost::asio::awaitable<result<void>> convert(media_file sound, bool copies);
    boost::asio::awaitable<result<std::string>> run(ffmpeg_job job, int written);
    result<void> write_pictures(const std::vector<std::uint32_t>& frames, int into) const;
    std::optional<pixel_size> canvas() const;
    std::chrono::microseconds longest_sound() const;

    const slideshow_services services_;
    const slideshow_options options_;
    std::vector<photo> photos_;
    std::optional<pixel_size> assumed_canvas_;
    unique_fd sound_; // ADTS
    std::chrono::microseconds sound_time_{0};
};

} // namespace ttsave::media
