// extractor/PROTOCOL.md: one JSON object a line, strict on both sides, never more than it says.

#include "extraction/worker_protocol.hpp"

#include "builders.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>

#include <functional>
#include <set>

namespace ttsave::extraction {
namespace {

namespace json = boost::json;
using namespace std::literals;

const std::string ready = R"({"event":"ready","yt_dlp":"2026.10.26","python":"3.11.2","protocol":1})";
const std::string unusable = R"({"event":"unusable","message":"ModuleNotFoundError: No module named 'yt_dlp'"})";
const std::string failed = R"({"id":7,"event":"failed","code":"post.private","message":"You do not have permission"})";
const std::string post =
    R"({"id":8,"event":"post","post":{"id":"7312345678901234567","kind":"video","title":"Заголовок 😀",)"
    R"("description":"a\n\"b\" \ud83d\ude00\u0000","author":"some.user","duration_s":15,"media":[)"
    R"({"role":"video","ext":"mp4","codec":"h264","size_bytes":1234567,"width":576,"height":1024,"sources":[)"
    R"({"url":"https://v16.tiktokcdn.com/a","headers":{"Referer":"https://www.tiktok.com/",)"
    R"("User-Agent":"Mozilla/5.0"},"cookies":"ttwid=1; tt_chain_token=x"},)"
    R"({"url":"https://v19.tiktokcdn.com/a","headers":{}}]}]}})";
const std::string photo = R"({"role":"photo","ext":"jpg","sources":[{"url":"p","headers":{}}]})";
const std::string sound = R"({"role":"sound","ext":"mp3","sources":[{"url":"s","headers":{}}]})";
const std::string video = R"({"role":"video","ext":"mp4","sources":[{"url":"v","headers":{}}]})";

void expect_refused(const std::string& line)
{
    const auto event = parse_event(line);
    ASSERT_FALSE(event) << line;
    EXPECT_EQ(event.error(), boost::system::errc::protocol_error) << line;
}

/// The post line with one text replaced by another.
std::string post_with(std::string_view known, std::string_view other)
{
    std::string line = post;
    const auto place = line.find(known);
    if (place == std::string::npos)
        throw std::logic_error("the worked example has no " + std::string(known));
    return line.replace(place, known.size(), other);
}

/// The line of a post that consists of `media`.
std::string post_of(const std::string& kind, const std::vector<std::string>& media)
{
    std::string list;
    for (const auto& medium : media)
        list += (list.empty() ? "" : ",") + medium;
    return R"({"id":8,"event":"post","post":{"id":"1","title":"","description":"","author":"","kind":")" + kind +
           R"(","media":[)" + list + "]}}";
}

TEST(WorkerProtocol, WritesTheConfiguration)
{
    const auto line = configure_line("http://user:key@proxy:3128", "/etc/ttsave/cookies \"\n.txt");
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(json::parse(line), json::parse(R"({"op":"configure","protocol":1,"proxy":"http://user:key@proxy:3128",)"
                                             R"("cookies_file":"/etc/ttsave/cookies \"\n.txt"})"));
}

TEST(WorkerProtocol, WritesJobs)
{
    const auto line = resolve_line(7, "https://www.tiktok.com/@a/video/1", std::chrono::milliseconds(1500));
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(json::parse(line),
              json::parse(R"({"id":7,"op":"resolve","url":"https://www.tiktok.com/@a/video/1","timeout_s":1.5})"));
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

/// Calls `visit` with every object inside `root` (the headers' names are free, so not with theirs); it may change the
/// object, and what it leaves is put back.
void for_each_object(json::value& root, const std::function<void(json::object&)>& visit)
{
    if (auto* const object = root.if_object()) {
        const json::object before = *object;
        visit(*object);
        *object = before;
        for (auto& [key, value] : *object)
            if (key != "headers")
                for_each_object(value, visit);
    } else if (auto* const array = root.if_array()) {
        for (auto& item : *array)
            for_each_object(item, visit);
    }
}

TEST(WorkerProtocol, RefusesUnknownKeysOnEveryLevel)
{
    for (const auto& line : {ready, unusable, failed, post}) {
        auto message = json::parse(line);
        ASSERT_TRUE(parse_event(json::serialize(message)));
        for_each_object(message, [&](json::object& object) {
            object["unknown"] = 1;
            expect_refused(json::serialize(message));
        });
    }
}

TEST(WorkerProtocol, RequiresEveryKeyButTheOptionalOnes)
{
    const std::set<std::string> optional{"cookies", "codec", "size_bytes", "width", "height", "duration_s"};
    for (const auto& line : {ready, unusable, failed, post}) {
        auto message = json::parse(line);
        for_each_object(message, [&](json::object& object) {
            const json::object whole = object;
            for (const auto& member : whole) {
                object.erase(member.key());
                EXPECT_EQ(parse_event(json::serialize(message)).has_value(), optional.contains(member.key()))
                    << json::serialize(message);
                object = whole;
            }
        });
    }
}

TEST(WorkerProtocol, RefusesValuesOfAnotherType)
{
    const auto others = json::parse(R"([null,true,"text",1,1.0,-1,[],{},[null],9223372036854775808])").as_array();
    for (const auto& line : {ready, unusable, failed, post}) {
        auto message = json::parse(line);
        for_each_object(message, [&](json::object& object) {
            for (auto& member : object) {
                const json::value right = member.value();
                for (const auto& other : others) {
                    const bool may_stand = other == right || (right.is_string() && other.is_string()) ||
                                           (right.is_int64() && other == 1) || (right.is_object() && other.is_object());
                    if (may_stand)
                        continue;
                    member.value() = other;
                    expect_refused(json::serialize(message));
                }
                member.value() = right;
            }
        });
    }
}

TEST(WorkerProtocol, RefusesAMediumWithoutSources)
{
    expect_refused(post_of("video", {R"({"role":"video","ext":"mp4","sources":[]})"}));
}

TEST(WorkerProtocol, SpeaksOneVersion)
{
    for (const auto* version : {"0", "2", "-1", "1.0", "\"1\"", "18446744073709551617"})
        expect_refused(R"({"event":"ready","yt_dlp":"2026.10.26","python":"3.11.2","protocol":)" +
                       std::string(version) + '}');
    expect_refused(R"({"event":"post_ready","message":""})");
    expect_refused(R"({"event":"","message":""})");
}

TEST(WorkerProtocol, TakesIntegersFrom0To63Bits)
{
    for (const std::string number : {"0", "9223372036854775807"}) {
        const auto event = parse_event(post_with(R"("duration_s":15)", R"("duration_s":)" + number));
        EXPECT_EQ(std::get<post_event>(*event).post.duration_s, std::stoull(number));
    }
    for (const std::string number : {"-1", "9223372036854775808", "1.0", "1e0", "NaN", "01", "\"1\"", "null"})
        expect_refused(post_with(R"("duration_s":15)", R"("duration_s":)" + number));
}

TEST(WorkerProtocol, CountsTheLastOfEqualKeys)
{
    const auto event = parse_event(post_with(R"("author":)", R"("author":5,"author":)"));
    EXPECT_EQ(std::get<post_event>(*event).post.author, "some.user");
}

TEST(WorkerProtocol, TakesOnlyDigitsForThePostsId)
{
    for (const std::string id : {"1", "0", "12345678901234567890"})
        EXPECT_EQ(std::get<post_event>(*parse_event(post_with("7312345678901234567", id))).post.id, id);
    for (const auto* id : {"", " 1", "1 ", "-1", "+1", "1.5", "1a", "../1", "1/2", "1\\\"", "1\\n", "1\\u0000", "١",
                           "123456789012345678901"})
        expect_refused(post_with("7312345678901234567", id));
}

TEST(WorkerProtocol, RefusesLineEndsInHeadersAndCookies)
{
    for (const auto* end : {"\\r", "\\n", "\\r\\nX-Injected: 1", "\\u0000", "\\u000a"}) {
        const std::string bad = end;
        expect_refused(post_with("Mozilla/5.0", "Mozilla/5.0" + bad));
        expect_refused(post_with("User-Agent", "User-Agent" + bad));
        expect_refused(post_with("ttwid=1", "ttwid=1" + bad));
    }
}

TEST(WorkerProtocol, RefusesWhatIsNotOneObject)
{
    for (const auto line : {""sv, " "sv, "null"sv, "true"sv, "1"sv, "\"ready\""sv, "[]"sv, "{}"sv, "{"sv, "ready"sv,
                            "\0"sv, "Traceback (most recent call last):"sv, "\xff\xfe{}"sv, "{}{}"sv})
        expect_refused(std::string(line));
    expect_refused('[' + ready + ']');
    expect_refused(ready + ready);
    expect_refused(ready + ',');
    expect_refused(ready.substr(0, ready.size() - 1) + ",}");
    expect_refused(post_with("some.user", "some\xff"));
    expect_refused(post_with("some.user", "\\ud83d"));
    expect_refused(std::string(max_line_bytes, '['));
}

TEST(WorkerProtocol, NeverThrowsAtGeneratedGarbage)
{
    test::mutator chance(2026, R"(" { } [ ] , : null -1 1e9 \u0000 \ud800 event id)");
    int refused = 0;
    for (int count = 0; count < 20'000; ++count) {
        const auto& line = chance.below(2) ? post : failed;
        const auto event = parse_event(chance(line));
        if (event)
            continue;
        ++refused;
        EXPECT_EQ(event.error(), boost::system::errc::protocol_error);
    }
    EXPECT_GT(refused, 10'000);
    EXPECT_LT(refused, 20'000);
}

} // namespace
} // namespace ttsave::extraction
