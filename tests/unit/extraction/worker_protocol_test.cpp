// extractor/PROTOCOL.md: one JSON object a line, strict on both sides, never more than it says.

#include "extraction/worker_protocol.hpp"

#include "builders.hpp"
#include "worker_lines.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

namespace ttsave::extraction {
namespace {

namespace json = boost::json;
using namespace std::literals;

TEST(WorkerProtocol, WritesTheConfiguration)
{
    const auto line = configure_line({"/etc/ttsave/cookies \"\n.txt", "Agent/1 \"x\"", "tiktok:a=b\\,c;d=e"},
                                     "http://ttsave:0f@127.0.0.1:4000");
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(
        json::parse(line),
        json::parse(
            R"({"op":"configure","protocol":5,"gate":"http://ttsave:0f@127.0.0.1:4000","cookies_file":"/etc/ttsave/cookies \"\n.txt",)"
            R"("user_agent":"Agent/1 \"x\"","extractor_args":"tiktok:a=b\\,c;d=e"})"));
}

TEST(WorkerProtocol, WritesJobs)
{
    const auto line = resolve_line(7, "https://www.tiktok.com/@a/video/1", std::chrono::milliseconds(1500), "0f-1");
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(json::parse(line),
              json::parse(R"({"id":7,"op":"resolve","url":"https://www.tiktok.com/@a/video/1","timeout_s":1.5,)"
                          R"("request":"0f-1"})"));
}

TEST(WorkerProtocol, ReadsStartAndFailures)
{
    const auto started = std::get<ready_event>(*parse_event(ready));
    EXPECT_EQ(started.yt_dlp, "2026.10.26");
    EXPECT_EQ(started.python, "3.11.2");
    EXPECT_EQ(std::get<unusable_event>(*parse_event(unusable)).message,
              "ModuleNotFoundError: No module named 'yt_dlp'");
    const auto failure = std::get<failed_event>(*parse_event(failed));
    EXPECT_EQ(failure.id, 7u);
    EXPECT_EQ(failure.code, errc::post_private);
    EXPECT_EQ(failure.message, "You do not have permission");
}

TEST(WorkerProtocol, ReadsAPost)
{
    const auto event = std::get<post_event>(*parse_event(post));
    EXPECT_EQ(event.id, 8u);
    EXPECT_EQ(event.post.id, "7312345678901234567");
    EXPECT_EQ(event.post.kind, post_kind::video);
    EXPECT_EQ(event.post.title, "Заголовок 😀");
    EXPECT_EQ(event.post.description, "a\n\"b\" 😀\0"s);
    EXPECT_EQ(event.post.author, "some.user");
    EXPECT_EQ(event.post.duration_s, 15u);
    ASSERT_EQ(event.post.media.size(), 1u);
    const auto& medium = event.post.media[0];
    EXPECT_EQ(medium.role, medium_role::video);
    EXPECT_TRUE(medium.has_sound);
    EXPECT_EQ(medium.ext, "mp4");
    EXPECT_EQ(medium.codec, "h264");
    EXPECT_EQ(medium.size_bytes, 1234567u);
    EXPECT_EQ(medium.width, 576u);
    EXPECT_EQ(medium.height, 1024u);
    ASSERT_EQ(medium.sources.size(), 2u);
    EXPECT_EQ(medium.sources[0].url, "https://v16.tiktokcdn.com/a");
    EXPECT_THAT(medium.sources[0].headers,
                testing::ElementsAre("Referer: https://www.tiktok.com/", "User-Agent: Mozilla/5.0"));
    EXPECT_EQ(medium.sources[0].cookies, "ttwid=1; tt_chain_token=x");
    EXPECT_EQ(medium.sources[1].url, "https://v19.tiktokcdn.com/a");
    EXPECT_EQ(medium.sources[1].cookies, "");
}

TEST(WorkerProtocol, ReadsPhotosAndTheirSound)
{
    const auto found = std::get<post_event>(*parse_event(post_of("photos", {photo, photo, sound}))).post;
    EXPECT_EQ(found.kind, post_kind::photos);
    ASSERT_EQ(found.media.size(), 3u);
    EXPECT_EQ(found.media[1].role, medium_role::photo);
    EXPECT_EQ(found.media[1].codec, "");
    EXPECT_EQ(found.media[1].size_bytes, std::nullopt);
    EXPECT_EQ(found.media[2].role, medium_role::sound);
    EXPECT_EQ(found.media[2].ext, "mp3");
    EXPECT_TRUE(parse_event(post_of("photos", {photo})));
}

TEST(WorkerProtocol, RefusesPostsThatAreNotWhole)
{
    EXPECT_TRUE(parse_event(post_of("video", {video})));
    const std::vector<std::vector<std::string>> no_videos{{}, {photo}, {sound}, {video, video}, {video, sound}};
    for (const auto& media : no_videos)
        expect_refused(post_of("video", media));
    const std::vector<std::vector<std::string>> no_photos{
        {}, {sound}, {video}, {sound, photo}, {photo, sound, sound}, {photo, sound, photo}, {photo, video}};
    for (const auto& media : no_photos)
        expect_refused(post_of("photos", media));
    expect_refused(post_of("Video", {video}));
    expect_refused(post_with(R"("role":"video")", R"("role":"Video")"));
}

TEST(WorkerProtocol, KnowsTheCodesOfPostsAndNoOthers)
{
    for (const errc value : test::every_errc()) {
        const std::string code(stable_code(value));
        const auto event = parse_event(R"({"id":1,"event":"failed","code":")" + code + R"(","message":""})");
        if (const auto known = post_failure_from_code(code))
            EXPECT_EQ(std::get<failed_event>(*event).code, *known);
        else
            EXPECT_FALSE(event) << code;
    }
    expect_refused(R"({"id":1,"event":"failed","code":"post.unheard_of","message":""})");
}

} // namespace
} // namespace ttsave::extraction
