#include "media/slideshow.hpp"

#include "core/blocking.hpp"
#include "core/concurrently.hpp"
#include "core/file_io.hpp"
#include "media/ffmpeg_arguments.hpp"
#include "media/still_picture.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

namespace ttsave::media {

namespace asio = boost::asio;

namespace {

/// Photos whose size nobody tells are shown upright.
constexpr pixel_size default_canvas{1080, 1920};

/// Of a photo: what lies in front of its size is text and thumbnails, seldom more than tens of KiB.
constexpr std::size_t header_bytes = 1024 * 1024;
/// Of an encoded picture: its parameter sets.
constexpr std::size_t parameter_bytes = 4096;
constexpr std::size_t copied_at_a_time = 256 * 1024;

/// A failure of the process for want of disk is not the photo's.
error_code explain(error_code failure, int written)
{
    const std::string probe(64 * 1024, '\0');
    if (const auto problem = write_at(written, size_of(written), probe)) {
        spdlog::error("the spool cannot be written: {}", problem.message());
        return errc::storage_failed;
    }
    return failure;
}

/// Writes `bytes` and then `size` bytes of another file. Returns where the next may be written, or nothing.
std::optional<std::uint64_t> write_and_copy(int into, std::uint64_t offset, std::string_view bytes, int from,
                                            std::uint64_t from_offset, std::uint64_t size)
{
    if (write_at(into, offset, bytes))
        return std::nullopt;
    offset += bytes.size();
    while (size > 0) {
        const auto piece = read_at(from, from_offset, std::min<std::uint64_t>(size, copied_at_a_time));
        if (piece.empty() || write_at(into, offset, piece))
            return std::nullopt;
        offset += piece.size();
        from_offset += piece.size();
        size -= piece.size();
    }
    return offset;
}

} // namespace

slideshow::slideshow(slideshow_services services, slideshow_options options,
                     const std::vector<std::optional<pixel_size>>& claimed)
    : services_(std::move(services)), options_(options), photos_(claimed.size())
{
    bool is_known = true;
    for (std::size_t index = 0; index < claimed.size(); ++index) {
        photos_[index].size = claimed[index];
        is_known = is_known && claimed[index];
    }
    if (is_known)
        assumed_canvas_ = canvas();
}

/// The picture size for what is known of the photos by now.
std::optional<pixel_size> slideshow::canvas() const
{
    std::vector<pixel_size> known;
    for (const auto& each : photos_)
        if (each.size)
            known.push_back(*each.size);
    return known.empty() ? std::nullopt : std::optional(choose_canvas(known));
}

std::chrono::microseconds slideshow::longest_sound() const
{
    return static_cast<std::int64_t>(photos_.size()) * std::chrono::microseconds(options_.longest);
}

asio::awaitable<result<std::string>> slideshow::run(ffmpeg_job job, int written)
{
    auto done = co_await services_.encoder.run(std::move(job));
    if (!done && done.error() != errc::slideshow_unavailable)
        co_return explain(done.error(), written);
    co_return done;
}

asio::awaitable<result<void>> slideshow::add_photo(std::size_t index, media_file source)
{
    auto& added = photos_[index];
    added.source = source;
    added.header = read_image_header(read_at(source.descriptor, 0, header_bytes));
    if (added.header)
        added.size = pixel_size{added.header->shown_width(), added.header->shown_height()};
    if (added.header && added.header->first_frame) {
        auto taken = co_await take_first_frame(added);
        if (!taken)
            co_return taken;
    }
    if (!assumed_canvas_)
        co_return result<void>();
    co_return co_await encode(added, *assumed_canvas_);
}

/// ffmpeg does not read animated WebP; a still one of the same bytes it does.
asio::awaitable<result<void>> slideshow::take_first_frame(photo& each)
{
    auto file = co_await services_.make_file();
    if (!file)
        co_return file.error();
    const auto& frame = *each.header->first_frame;
    const auto prefix = still_webp_prefix(frame, read_at(each.source.descriptor, frame.offset, 4));
    auto write = [&] {
        auto end = write_and_copy(file->get(), 0, prefix, each.source.descriptor, frame.offset, frame.size);
        const std::string_view padding("\0", frame.size % 2);
        return end && !write_at(file->get(), *end, padding);
    };
    if (!co_await run_blocking(services_.disk, write))
        co_return explain(errc::media_broken, file->get());
    each.still = std::move(*file);
    co_return result<void>();
}

asio::awaitable<result<void>> slideshow::encode(photo& each, pixel_size size)
{
    auto file = co_await services_.make_file();
    if (!file)
        co_return file.error();
    const int source = each.header && each.header->first_frame ? each.still.get() : each.source.descriptor;
    auto job = encode_photo_job(source, each.source.type, each.header, size, options_.background, file->get());
    const auto done = co_await run(std::move(job), file->get());
    if (!done)
        co_return done.error();
    if (!still_picture::parse(read_at(file->get(), 0, parameter_bytes)))
        co_return errc::media_broken; // no picture came out
    each.encoded = std::move(*file);
    each.encoded_size = size;
    co_return result<void>();
}

asio::awaitable<result<void>> slideshow::add_sound(media_file sound)
{
    if (sound.type.extension == "m4a" || sound.type.extension == "aac") {
        auto copied = co_await convert(sound, true);
        if (copied || copied.error() != errc::media_broken)
            co_return copied;
    }
    co_return co_await convert(sound, false);
}

asio::awaitable<result<void>> slideshow::convert(media_file sound, bool copies)
{
    auto file = co_await services_.make_file();
    if (!file)
        co_return file.error();
    auto job = convert_sound_job(sound.descriptor, sound.type, longest_sound(), copies, file->get());
    const auto done = co_await run(std::move(job), file->get());
    if (!done)
        co_return done.error();
    sound_time_ = read_progress_time(*done);
    if (sound_time_ <= std::chrono::microseconds(0))
        co_return errc::media_broken;
    sound_ = std::move(*file);
    co_return result<void>();
}

asio::awaitable<result<unique_fd>> slideshow::finish()
{
    const auto size = canvas().value_or(default_canvas);
    auto encode_if_needed = [this, size](std::size_t index) -> asio::awaitable<result<void>> {
        auto& each = photos_[index];
        if (each.encoded_size == size)
            co_return result<void>();
        co_return co_await encode(each, size);
    };
    const auto encoded = co_await concurrently(photos_.size(), photos_.size(), encode_if_needed);
    if (!encoded)
        co_return encoded.error();

    auto pictures = co_await services_.make_file();
    if (!pictures)
        co_return pictures.error();
    const auto frames = frames_per_photo(photos_.size(), sound_time_, options_.shortest, options_.longest);
    auto write = [&] { return write_pictures(frames, pictures->get()); };
    if (const auto written = co_await run_blocking(services_.disk, write); !written)
        co_return explain(written.error(), pictures->get());

    auto video = co_await services_.make_file();
    if (!video)
        co_return video.error();
    const auto total = std::accumulate(frames.begin(), frames.end(), std::uint64_t{0});
    auto job = join_job(pictures->get(), sound_.get(), total, video->get());
    const auto joined = co_await run(std::move(job), video->get());
    if (joined)
        co_return std::move(*video);
    // What it was given is ours: no photo is to blame.
    co_return joined.error() == errc::media_broken ? error_code(errc::slideshow_failed) : joined.error();
}

/// One stream of all photos, each repeated for as long as it is shown.
result<void> slideshow::write_pictures(const std::vector<std::uint32_t>& frames, int into) const
{
    std::optional<still_picture> first;
    std::uint64_t end = 0;
    for (std::size_t index = 0; index < photos_.size(); ++index) {
        const int from = photos_[index].encoded.get();
        const auto picture = still_picture::parse(read_at(from, 0, parameter_bytes));
        // A player sets its decoder up once.
        if (!picture || (first && picture->parameter_sets() != first->parameter_sets()))
            return errc::slideshow_failed;
        const auto begin = picture->picture_offset();
        const auto written = write_and_copy(into, end, first ? std::string() : picture->parameter_sets(), from, begin,
                                            size_of(from) - begin);
        if (!written)
            return errc::storage_failed;
        std::string repetitions;
        for (std::uint32_t number = 1; number < frames[index]; ++number)
            repetitions += picture->repetition(number);
        if (write_at(into, *written, repetitions))
            return errc::storage_failed;
        end = *written + repetitions.size();
        first = picture;
    }
    return result<void>();
}

} // namespace ttsave::media
