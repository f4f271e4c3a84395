// Contract, "Success": a part's type and its name's extension follow the file's own leading bytes.

#include "media/media_type.hpp"

#include <gmock/gmock.h>

#include <string>

namespace ttsave::media {
namespace {

using namespace std::literals;

struct example {
    std::string_view head; ///< as ffmpeg 5.1 writes it, but for the brands that it does not write
    std::string_view mime;
    std::string_view extension;
    media_class kind;
};

constexpr example examples[] = {
    {"\0\0\0\040ftypisom\0\0\002\0"sv, "video/mp4", "mp4", media_class::video},
    {"\0\0\0\034ftypmp42\0\0\0\0"sv, "video/mp4", "mp4", media_class::video},
    {"\0\0\0\034ftypiso5\0\0\002\0"sv, "video/mp4", "mp4", media_class::video},
    {"\0\0\0\034ftypdash\0\0\0\0"sv, "video/mp4", "mp4", media_class::video},
    {"\0\0\0\024ftypqt  \0\0\002\0"sv, "video/quicktime", "mov", media_class::video},
    {"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81"sv, "video/webm", "webm", media_class::video},
    {"\xff\xd8\xff\xe0\0\020JFIF\0\001\002\0\0\001"sv, "image/jpeg", "jpg", media_class::image},
    {"\xff\xd8\xff\xe1\0\030Exif\0\0II*\0"sv, "image/jpeg", "jpg", media_class::image},
    {"\xff\xd8\xff\xdb\0\103\0\010\006\006\007\006\005\010\007\007"sv, "image/jpeg", "jpg", media_class::image},
    {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv, "image/png", "png", media_class::image},
    {"GIF89a@\0@\0\xf7\x1f\x31\0\0\0"sv, "image/gif", "gif", media_class::image},
    {"GIF87a@\0@\0\xf7\x1f\x31\0\0\0"sv, "image/gif", "gif", media_class::image},
    {"RIFFL\003\0\0WEBPVP8 "sv, "image/webp", "webp", media_class::image},
    {"\0\0\0\030ftypheic\0\0\0\0"sv, "image/heic", "heic", media_class::image},
    {"\0\0\0\034ftypmif1\0\0\0\0"sv, "image/heic", "heic", media_class::image},
    {"\0\0\0\040ftypavif\0\0\0\0"sv, "image/avif", "avif", media_class::image},
    {"\0\0\0\034ftypM4A \0\0\002\0"sv, "audio/mp4", "m4a", media_class::audio},
    {"ID3\004\0\0\0\0\001\nTXXX\0\0"sv, "audio/mpeg", "mp3", media_class::audio},
    {"\xff\xfb\x50\xc4\0\0\x09\x8cG(5\xa4\x80\x01\x93\x15"sv, "audio/mpeg", "mp3", media_class::audio},
    {"\xff\xf3\x40\xc4\0\x13H\x8e\x64\x0dY\x18\0}`Z"sv, "audio/mpeg", "mp3", media_class::audio},
    {"\xff\xf1\x50\x40\x1c\xff\xfc\xde\x02\0Lavc59"sv, "audio/aac", "aac", media_class::audio},
    {"OggS\0\002\0\0\0\0\0\0\0\0\xe1\xb6"sv, "audio/ogg", "ogg", media_class::audio},
    {"RIFFFH\0\0WAVEfmt "sv, "audio/wav", "wav", media_class::audio},
};

TEST(MediaType, RecognisesWhatFormatsBeginWith)
{
    for (const auto& [head, mime, extension, kind] : examples) {
        ASSERT_EQ(head.size(), recognisable_bytes) << mime;
        const auto type = recognise(head);
        ASSERT_TRUE(type) << mime;
        EXPECT_EQ(type->mime, mime);
        EXPECT_EQ(type->extension, extension);
        EXPECT_EQ(type->kind, kind) << mime;
    }
}

TEST(MediaType, KnowsFilesOfTheExpectedClassOnly)
{
    for (const auto& [head, mime, extension, kind] : examples)
        for (const auto expected : {media_class::video, media_class::image, media_class::audio}) {
            const auto type = recognise_as(expected, head);
            const bool may_hold_sound = mime == "video/mp4" && expected == media_class::audio;
            ASSERT_EQ(type.has_value(), expected == kind || may_hold_sound) << mime;
            EXPECT_TRUE(!type || type->extension == (may_hold_sound ? "m4a" : extension)) << mime;
        }
    EXPECT_FALSE(recognise_as(media_class::image, "<!DOCTYPE html>"));
}

TEST(MediaType, DependsOnNothingBehindTheLeadingBytes)
{
    for (const auto& known : examples)
        for (const auto* rest : {"<html>", "\xff\xd8\xff", "ID3"}) {
            const auto type = recognise(std::string(known.head) + rest);
            ASSERT_TRUE(type) << known.mime;
            EXPECT_EQ(type->mime, known.mime);
        }
}

TEST(MediaType, RefusesWhatIsNotMedia)
{
    for (const auto text : {
             ""sv,
             "\0"sv,
             "<!DOCTYPE html><html>"sv,
             "<html><head>"sv,
             "\n\n  <!doctype html>"sv,
             "<?xml version=\"1.0\"?>"sv,
             "\xef\xbb\xbf<!DOCTYPE html>"sv,
             "<svg xmlns=\"http://www.w3.org/2000/svg\">"sv,
             "{\"status_code\": 10204}"sv,
             "[]              "sv,
             "Access Denied, reference 12"sv,
             "#EXTM3U\n#EXT-X-VERSION:3"sv,
             "%PDF-1.7 and the rest"sv,
             "\x1f\x8b\x08\0\0\0\0\0\0\003compress"sv,
             "PK\003\004\024\0\0\0\010\0zipped"sv,
             "\177ELF\002\001\001\0\0\0\0\0\0\0\0\0"sv,
             "RIFF\0\0\0\0AVI LIST"sv,
             "GIF88a@\0@\0\xf7\x1f\x31\0\0\0"sv,
             "\x89PNG\n\x1a\n\0\0\0\rIHDR"sv,
             "\0\0\0\030styp\0\0\0\0msdh"sv,
             "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv,
         })
        EXPECT_FALSE(recognise(text)) << text;
}

TEST(MediaType, RefusesFramesThatDoNotExistInMpegAudio)
{
    // One field each that ISO/IEC 11172-3 section 2.4.2.3 reserves: version, bit rate (twice), sampling rate.
    for (const auto frame : {"\xff\xeb\x50\xc4"sv, "\xff\xfb\xf0\xc4"sv, "\xff\xfb\x00\xc4"sv, "\xff\xfb\x5c\xc4"sv,
                             "\xff\xdb\x50\xc4"sv, "\xfe\xfb\x50\xc4"sv})
        EXPECT_FALSE(recognise(frame));
}

TEST(MediaType, DoesNotTakeTheByteOrderMarkOfUtf16ForSound)
{
    EXPECT_FALSE(recognise("\xff\xfe<\0h\0t\0m\0l\0>\0 \0 \0"sv));
    EXPECT_FALSE(recognise("\xff\xfe{\0\"\0a\0\"\0:\0001\0}\0"sv));
    EXPECT_FALSE(recognise("\xff\xfeH\0e\0l\0l\0o\0 \0 \0"sv));
    EXPECT_FALSE(recognise("\xfe\xff\0<\0h\0t\0m\0l\0>\0 \0 "sv));
}

TEST(MediaType, RefusesSignaturesThatAreCutShort)
{
    for (const auto& [head, mime, extension, kind] : examples) {
        const auto type = recognise(head.substr(0, 2));
        EXPECT_FALSE(type) << mime;
    }
    EXPECT_FALSE(recognise("\0\0\0\040ftypiso"sv));
    EXPECT_FALSE(recognise("RIFFL\003\0\0WEB"sv));
    EXPECT_FALSE(recognise("\x89PNG\r\n\x1a"sv));
}

} // namespace
} // namespace ttsave::media
