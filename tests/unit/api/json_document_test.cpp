// Issue 2, "The contract, whole": NaN, lone surrogates, nesting, doubled keys, a byte order mark, invalid UTF-8.

#include "api/json_document.hpp"

#include "builders.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>

namespace ttsave::api {
namespace {

namespace json = boost::json;
using namespace std::literals;
using test::group;
using test::times;

/// The value, or null with a failure of the test.
json::value value_of(std::string_view text)
{
    auto parsed = parse_json(text);
    if (const auto* const error = std::get_if<json_error>(&parsed)) {
        ADD_FAILURE() << text.substr(0, 100) << ": " << error->message;
        return nullptr;
    }
    return std::get<json::value>(std::move(parsed));
}

/// The error, or an empty one with a failure of the test.
json_error error_of(std::string_view text)
{
    auto parsed = parse_json(text);
    if (const auto* const error = std::get_if<json_error>(&parsed))
        return *error;
    ADD_FAILURE() << text.substr(0, 100) << " was accepted";
    return {};
}

TEST(JsonDocument, ReadsEveryKindOfValue)
{
    const auto value =
        value_of(" {\"a\": [1, -2.5e+1, true, false, null, {}], \"\\u0041\\n\\ud83d\\ude00/\\/\": \"я😀\"}\r\n\t ");
    const json::value expected{{"a", {1, -25.0, true, false, nullptr, json::object{}}}, {"A\n😀//", "я😀"}};
    EXPECT_EQ(value, expected);
    EXPECT_EQ(value_of("\"\\u0000\""), json::value(json::string_view("\0", 1)));
}

TEST(JsonDocument, TakesNotANumberAndInfinityForNumbers)
{
    for (const std::string word : {"NaN", "Infinity", "-Infinity"}) {
        EXPECT_TRUE(value_of(word).is_number());
        const auto value =
            value_of("{\"n\": [" + word + "," + word + " ], \"text\": \"" + word + "\", \"url\": \"x\"}");
        EXPECT_TRUE(value.at("n").at(0).is_number() && value.at("n").at(1).is_number());
        EXPECT_EQ(value.at("text"), json::value(word));
        EXPECT_EQ(value.at("url"), json::value("x"));
    }
    for (const auto* text : {"{NaN: 1}", "{\"n\": NaNa}", "[Infinity-Infinity]"})
        EXPECT_NE(error_of(text).message, "");
}

TEST(JsonDocument, AcceptsNumbersOfAnySize)
{
    for (const auto& number : {"0"s, "-0"s, "0.0e+0"s, "18446744073709551616"s, "1e400"s, "-1e400"s, "1E-400"s,
                               "1e2147483648"s, "1e99999999999999999999"s, "-1.5E-99999999999999999999"s,
                               times(4000, "9"), "0." + times(4000, "3"), "1" + times(400, "0") + "e-400"}) {
        EXPECT_TRUE(value_of(number).is_number());
        const auto value = value_of("{\"n\": " + number + ", \"url\": \"x\"}");
        EXPECT_TRUE(value.is_object() && value.at("url") == "x");
    }
}

TEST(JsonDocument, CountsTheLastOfEqualKeys)
{
    const auto value = value_of(R"({"url": 1, "a": {"b": 1, "b": 2}, "url": "x", "\u0075rl": "y"})");
    EXPECT_EQ(value, (json::value{{"url", "y"}, {"a", {{"b", 2}}}}));
}

TEST(JsonDocument, SkipsAByteOrderMark)
{
    EXPECT_EQ(value_of("\xef\xbb\xbf{}"), json::value(json::object{}));
    EXPECT_EQ(error_of("\xef\xbb\xbf{x}").position, 1u);
    EXPECT_EQ(error_of("\xef\xbb\xbf\xef\xbb\xbf{}").message, "Expecting value: line 1 column 1 (char 0)");
    EXPECT_EQ(error_of("{\xef\xbb\xbf}").position, 1u);
    EXPECT_EQ(error_of("\xef\xbb\xbf").message, "Expecting value: line 1 column 1 (char 0)");
}

TEST(JsonDocument, NestsAtMost64Levels)
{
    EXPECT_TRUE(value_of(times(64, "[") + "1" + times(64, "]")).is_array());
    EXPECT_TRUE(value_of(times(64, "{\"a\":") + "1" + times(64, "}")).is_object());
    EXPECT_TRUE(value_of(times(32, "[{\"a\":") + "1" + times(32, "}]")).is_array());
    for (const auto& text : {times(65, "[") + times(65, "]"), times(65, "{\"a\":") + "1" + times(65, "}"),
                             times(32, "[{\"a\":") + "[]" + times(32, "}]"), times(65, "[")}) {
        const auto error = error_of(text);
        EXPECT_THAT(error.message, testing::StartsWith("Nesting too deep: line 1 column ")) << text;
    }
    EXPECT_EQ(error_of(times(65, "[")).position, 64u);
    EXPECT_TRUE(value_of('[' + times(1000, "[],{},") + "[]]").is_array()) << "siblings are not nested";
}

TEST(JsonDocument, SurvivesNestingThatWouldOverflowAStack)
{
    for (const auto& text : {times(65'000, "["), times(10'000, "{\"a\":"), times(10'000, "[{\"\":")})
        EXPECT_THAT(error_of(text).message, testing::StartsWith("Nesting too deep"));
}

TEST(JsonDocument, AcceptsPairsOfSurrogatesAndNoLoneOnes)
{
    EXPECT_EQ(value_of(R"("\uD83D\uDE00\ud800\udc00\uDBFF\uDFFF")"), json::value("😀\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
    for (const auto* text :
         {R"("\ud83d")", R"("\ude00")", R"("\ude00\ud83d")", R"("\ud83d\ud83d\ude00")", R"("\ud83dx")", R"("\ud83d\n")",
          R"("\ud83d\u0041")", R"("\uDBFF")", R"("\uDC00")", R"({"\udfff": 1})"})
        EXPECT_THAT(error_of(text).message, testing::StartsWith("Lone surrogate escape: line 1 column ")) << text;
    EXPECT_EQ(error_of(R"(["я😀", "a\ud83d"])").position, 9u);
}

TEST(JsonDocument, AcceptsUtf8UpToItsBorders)
{
    for (const auto* character : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                                  "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        const std::string text = character;
        EXPECT_EQ(value_of("{\"" + text + "\": \"" + text + "\"}"), (json::value{{text, text}})) << text;
    }
}

TEST(JsonDocument, RefusesWhatIsNotUtf8)
{
    for (const auto& [kind, members] : {
             group{"bytes that never lead", {"\x80", "\xbf", "\xfe", "\xff"}},
             group{"two bytes, overlong", {"\xc0\x80", "\xc0\xaf", "\xc1\xbf"}},
             group{"more bytes, overlong", {"\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf"}},
             group{"surrogates", {"\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xa0\xbd\xed\xb8\x80"}},
             group{"beyond U+10FFFF", {"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80"}},
             group{"cut short", {"\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xe2\x28\xa1"}},
         })
        for (const std::string text : members) {
            const auto error = error_of("[\"яя" + text + "\"]");
            EXPECT_EQ(error.message, "Invalid UTF-8: line 1 column 5 (char 4)") << kind;
            EXPECT_EQ(error.position, 4u) << kind;
            EXPECT_EQ(error_of("{\"" + text + "\": 1}").position, 2u) << kind;
            EXPECT_NE(error_of("[\"" + text).message, "") << kind << " at the end of the text";
            EXPECT_NE(error_of(text + "{}").message, "") << kind << " outside a string";
        }
}

/// A value with everything in it that JSON knows.
json::value generated(test::mutator& chance, int depth)
{
    static const std::vector<std::string> texts{"",    "url",   "я😀", "\"\\/\b\f\n\r\t\x7f", std::string("\0\x1f", 2),
                                                "NaN", "\u2028"};
    switch (chance.below(depth > 0 ? 8 : 6)) {
    case 0: return nullptr;
    case 1: return chance.below(2) == 0;
    case 2: return static_cast<std::int64_t>(chance.below(2000)) - 1000;
    case 3: return 0.5 * static_cast<double>(chance.below(2000));
    case 4:
    case 5: return json::value(texts[chance.below(texts.size())]);
    case 6: {
        json::array items;
        for (auto left = chance.below(4); left > 0; --left)
            items.push_back(generated(chance, depth - 1));
        return items;
    }
    default: {
        json::object members;
        for (auto left = chance.below(4); left > 0; --left)
            members[texts[chance.below(texts.size())]] = generated(chance, depth - 1);
        return members;
    }
    }
}

TEST(JsonDocument, ReadsGeneratedDocumentsAsTheLibraryDoes)
{
    test::mutator chance(2026, "");
    for (int count = 0; count < 3000; ++count) {
        const auto value = generated(chance, 6);
        EXPECT_EQ(value_of(json::serialize(value)), value);
    }
}

TEST(JsonDocument, AgreesWithTheLibraryOnWhatIsJson)
{
    static const std::vector<std::string> originals{
        R"({"url": "https://www.tiktok.com/@a/video/1", "download_content_type": "ORIGINAL"})",
        R"({"текст": "Привет \ud83d\ude00 😀 é", "x": [[], {"a": false}], "n": [1, -2.5e+10, null, true, 0, -0.1E-3]})"};
    test::mutator chance(
        2026,
        "\" \\ , : { } [ ] 0 - . e + \\u12 \\ud800 \\/ null true é \xff \xc3 \360\237\230\200 \x1f \x7f 01 1. [[[[");
    json::parse_options options;
    options.max_depth = max_json_depth;
    int valid = 0;
    for (int count = 0; count < 30'000; ++count) {
        const std::string text = chance(originals[chance.below(originals.size())]);
        boost::system::error_code refused;
        const auto expected = json::parse(text, refused, {}, options);
        const auto parsed = parse_json(text);
        const auto* const value = std::get_if<json::value>(&parsed);
        ASSERT_EQ(value != nullptr, !refused) << text;
        valid += value ? 1 : 0;
        if (value) {
            EXPECT_EQ(*value, expected) << text;
            continue;
        }
        const auto& error = std::get<json_error>(parsed);
        EXPECT_THAT(error.message, testing::EndsWith("(char " + std::to_string(error.position) + ')')) << text;
        EXPECT_LE(error.position, text.size()) << text;
    }
    EXPECT_GT(valid, 3'000);
    EXPECT_LT(valid, 27'000);
}

} // namespace
} // namespace ttsave::api
