// extractor/PROTOCOL.md, "Strictness": whatever is not exactly what it says is refused, and nothing does harm.

#include "extraction/worker_protocol.hpp"

#include "builders.hpp"
#include "worker_lines.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace ttsave::extraction {
namespace {

namespace json = boost::json;
using namespace std::literals;

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

TEST(WorkerProtocolStrictness, RefusesUnknownKeysOnEveryLevel)
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

TEST(WorkerProtocolStrictness, RequiresEveryKeyButTheOptionalOnes)
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

TEST(WorkerProtocolStrictness, RefusesValuesOfAnotherType)
{
    const auto others = json::parse(R"([null,true,"text",1,1.0,-1,[],{},[null],9223372036854775808])").as_array();
    for (const auto& line : {ready, unusable, failed, post}) {
        auto message = json::parse(line);
        for_each_object(message, [&](json::object& object) {
            for (auto& member : object) {
                const json::value right = member.value();
                for (const auto& other : others) {
                    const bool may_stand = other == right || (right.is_string() && other.is_string()) ||
                                           (right.is_bool() && other.is_bool()) || (right.is_int64() && other == 1) ||
                                           (right.is_object() && other.is_object());
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

TEST(WorkerProtocolStrictness, RefusesAMediumWithoutSources)
{
    expect_refused(post_of("video", {R"({"role":"video","sound":true,"ext":"mp4","sources":[]})"}));
}

TEST(WorkerProtocolStrictness, AVideoAndNothingElseSaysWhetherItHasSound)
{
    const auto event = parse_event(post_with("\"sound\":true", "\"sound\":false"));
    EXPECT_FALSE(std::get<post_event>(*event).post.media[0].has_sound);
    expect_refused(post_with("\"sound\":true,", ""));
    for (const auto* role : {"photo", "sound"}) {
        const auto medium = R"({"role":")" + std::string(role) + R"(","ext":"x","sources":[{"url":"p","headers":{}}]})";
        const std::string speaking = "{\"sound\":true," + medium.substr(1);
        const bool is_photo = role == "photo"sv;
        EXPECT_TRUE(parse_event(post_of("photos", is_photo ? std::vector{medium} : std::vector{photo, medium})));
        expect_refused(post_of("photos", is_photo ? std::vector{speaking} : std::vector{photo, speaking}));
    }
}

TEST(WorkerProtocolStrictness, SpeaksOneVersion)
{
    for (const auto* version : {"0", "4", "6", "-5", "5.0", "\"5\"", "18446744073709551621"})
        expect_refused(R"({"event":"ready","yt_dlp":"2026.10.26","python":"3.11.2","protocol":)" +
                       std::string(version) + '}');
    expect_refused(R"({"event":"post_ready","message":""})");
    expect_refused(R"({"event":"","message":""})");
}

TEST(WorkerProtocolStrictness, TakesIntegersFrom0To63Bits)
{
    for (const std::string number : {"0", "9223372036854775807"}) {
        const auto event = parse_event(post_with(R"("duration_s":15)", R"("duration_s":)" + number));
        EXPECT_EQ(std::get<post_event>(*event).post.duration_s, std::stoull(number));
    }
    for (const std::string number : {"-1", "9223372036854775808", "1.0", "1e0", "NaN", "01", "\"1\"", "null"})
        expect_refused(post_with(R"("duration_s":15)", R"("duration_s":)" + number));
}

TEST(WorkerProtocolStrictness, CountsTheLastOfEqualKeys)
{
    const auto event = parse_event(post_with(R"("author":)", R"("author":5,"author":)"));
    EXPECT_EQ(std::get<post_event>(*event).post.author, "some.user");
}

TEST(WorkerProtocolStrictness, TakesOnlyDigitsForThePostsId)
{
    for (const std::string id : {"1", "0", "12345678901234567890"})
        EXPECT_EQ(std::get<post_event>(*parse_event(post_with("7312345678901234567", id))).post.id, id);
    for (const auto* id : {"", " 1", "1 ", "-1", "+1", "1.5", "1a", "../1", "1/2", "1\\\"", "1\\n", "1\\u0000", "١",
                           "123456789012345678901"})
        expect_refused(post_with("7312345678901234567", id));
}

TEST(WorkerProtocolStrictness, RefusesLineEndsInHeadersAndCookies)
{
    for (const auto* end : {"\\r", "\\n", "\\r\\nX-Injected: 1", "\\u0000", "\\u000a"}) {
        const std::string bad = end;
        expect_refused(post_with("Mozilla/5.0", "Mozilla/5.0" + bad));
        expect_refused(post_with("User-Agent", "User-Agent" + bad));
        expect_refused(post_with("ttwid=1", "ttwid=1" + bad));
    }
}

TEST(WorkerProtocolStrictness, RefusesWhatIsNotOneObject)
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

TEST(WorkerProtocolStrictness, NeverThrowsAtGeneratedGarbage)
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
