#include "media/ffmpeg_arguments.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace ttsave::media {
namespace {

using words = std::vector<std::string>;

void append(words& to, words more)
{
    for (auto& word : more)
        to.push_back(std::move(word));
}

/// The demuxer for a file that was recognised as `type`. Naming it keeps ffmpeg from trying all those that it has,
/// playlists among them, on bytes that strangers wrote.
std::string demuxer_of(const media_type& type)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> demuxers{{{"jpg", "jpeg_pipe"},
                                                                                      {"png", "png_pipe"},
                                                                                      {"webp", "webp_pipe"},
                                                                                      {"gif", "gif"},
                                                                                      {"heic", "mov"},
                                                                                      {"avif", "mov"},
                                                                                      {"m4a", "mov"},
                                                                                      {"mp3", "mp3"},
                                                                                      {"aac", "aac"},
                                                                                      {"ogg", "ogg"},
                                                                                      {"wav", "wav"}}};
    for (const auto& [extension, demuxer] : demuxers)
        if (extension == type.extension)
            return std::string(demuxer);
    return "data"; // a video: nothing that a slideshow is made of
}

/// High profile, but CAVLC, which still_picture needs; nothing that looks at more pictures than the one; and the same
/// parameter sets whatever the photo was, colours and the place of chroma samples included. Measured in
/// bench/README.md.
constexpr const char* encoder_parameters =
    "cabac=0:8x8dct=1:bframes=0:ref=1:weightp=0:keyint=250:scenecut=0:rc-lookahead=0:sync-lookahead=0:"
    "fullrange=off:colorprim=bt709:transfer=bt709:colormatrix=bt709:chromaloc=0";

words encoder()
{
    return {"-r", std::to_string(slideshow_frame_rate), "-c:v", "libx264", "-threads", "1", "-preset", "superfast",
            "-crf", "20", "-profile:v", "high", "-x264-params", encoder_parameters,
            // The encoder's remarks (SEI) would be part of every picture.
            "-bsf:v", "filter_units=remove_types=6", "-f", "h264"};
}

std::string seconds(std::chrono::microseconds time)
{
    return fmt::format("{}us", time.count());
}

} // namespace

ffmpeg_job encode_photo_job(int photo, const media_type& type, const std::optional<image_header>& header,
                            pixel_size canvas, slideshow_background behind, int into)
{
    ffmpeg_job job;
    job.arguments = {"-threads", "1"};
    // What is turned by our own reading of the file must not be turned again by what this version of ffmpeg reads.
    if (header)
        job.arguments.push_back("-noautorotate");
    // Half a photo, the rest of it grey, is no photo.
    append(job.arguments, {"-err_detect", "explode"});
    append(job.arguments, {"-f", demuxer_of(type), "-i", ffmpeg::path_of(photo)});
    append(job.arguments, {"-filter_complex_threads", "1", "-filter_complex", photo_filter(header, canvas, behind)});
    append(job.arguments, {"-frames:v", "1"});
    append(job.arguments, encoder());
    job.arguments.push_back(ffmpeg::path_of(into));
    job.descriptors = {photo, into};
    return job;
}

ffmpeg_job convert_sound_job(int sound, const media_type& type, std::chrono::microseconds longest, bool copies,
                             int into)
{
    ffmpeg_job job;
    job.arguments = {"-threads", "1", "-f", demuxer_of(type), "-i", ffmpeg::path_of(sound), "-map", "0:a:0"};
    append(job.arguments, {"-t", seconds(longest), "-c:a"});
    append(job.arguments, copies ? words{"copy"} : words{"aac", "-b:a", "128k", "-ac", "2", "-ar", "44100"});
    append(job.arguments, {"-f", "adts", "-nostats", "-progress", "pipe:1", ffmpeg::path_of(into)});
    job.descriptors = {sound, into};
    return job;
}

std::chrono::microseconds read_progress_time(std::string_view output)
{
    constexpr std::string_view key = "out_time_us=";
    const auto last = output.rfind(key);
    std::int64_t time = 0;
    if (last != std::string_view::npos)
        std::from_chars(output.data() + last + key.size(), output.data() + output.size(), time);
    return std::chrono::microseconds(std::max<std::int64_t>(time, 0));
}

ffmpeg_job join_job(int pictures, int sound, std::uint64_t frames, int into)
{
    const std::chrono::microseconds length(frames * std::uint64_t{1'000'000} / slideshow_frame_rate);
    ffmpeg_job job;
    job.arguments = {"-f", "h264", "-framerate", std::to_string(slideshow_frame_rate), "-i", ffmpeg::path_of(pictures)};
    job.descriptors = {pictures, into};
    if (sound >= 0) {
        append(job.arguments, {"-stream_loop", "-1", "-f", "aac", "-i", ffmpeg::path_of(sound)});
        job.descriptors.push_back(sound);
    }
    append(job.arguments, {"-map", "0:v"});
    if (sound >= 0)
        append(job.arguments, {"-map", "1:a"});
    append(job.arguments, {"-c", "copy", "-t", seconds(length)});
    // A raw stream has no times of output; without reordering they are those of decoding.
    append(job.arguments, {"-bsf:v", "setts=pts=DTS"});
    append(job.arguments, {"-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4"});
    job.arguments.push_back(ffmpeg::path_of(into));
    return job;
}

ffmpeg_job rehearsal_job()
{
    ffmpeg_job job;
    job.arguments = {"-f",  "lavfi",     "-i", "color=c=gray:s=64x64", "-f", "lavfi", "-i", "anullsrc", "-map",
                     "0:v", "-frames:v", "1"};
    append(job.arguments, encoder());
    append(job.arguments, {"pipe:1", "-map", "1:a", "-t", "100ms", "-c:a", "aac", "-f", "null", "-"});
    return job;
}

} // namespace ttsave::media
