// Contract, "Errors", malformed JSON: worded and placed as pydantic 1 gives it, that is, as Python's json module does.
// Every expectation below is what Python 3.11's json.loads said of that document.

#include "api/json_document.hpp"

#include <gmock/gmock.h>

#include <initializer_list>

namespace ttsave::api {
namespace {

using namespace std::literals;

struct malformed_document {
    std::string_view document;
    std::string_view message;
};

void expect_errors(std::initializer_list<malformed_document> documents)
{
    for (const auto& [document, message] : documents) {
        const auto parsed = parse_json(document);
        const auto* const error = std::get_if<json_error>(&parsed);
        ASSERT_TRUE(error) << document;
        EXPECT_EQ(error->message, message) << document;
        EXPECT_TRUE(message.ends_with("(char " + std::to_string(error->position) + ')')) << document;
    }
}

TEST(JsonDocumentErrors, Values)
{
    expect_errors({
        {" ", "Expecting value: line 1 column 2 (char 1)"},
        {"\n", "Expecting value: line 2 column 1 (char 1)"},
        {" \r\n\t ", "Expecting value: line 2 column 3 (char 5)"},
        {" \302\240{}", "Expecting value: line 1 column 2 (char 1)"},
        {"nul", "Expecting value: line 1 column 1 (char 0)"},
        {"True", "Expecting value: line 1 column 1 (char 0)"},
        {"None", "Expecting value: line 1 column 1 (char 0)"},
        {"undefined", "Expecting value: line 1 column 1 (char 0)"},
        {"x", "Expecting value: line 1 column 1 (char 0)"},
        {"'a'", "Expecting value: line 1 column 1 (char 0)"},
        {"/* c */ {}", "Expecting value: line 1 column 1 (char 0)"},
        {"\000"sv, "Expecting value: line 1 column 1 (char 0)"},
        {"\342\200\250{}", "Expecting value: line 1 column 1 (char 0)"},
        {"тест", "Expecting value: line 1 column 1 (char 0)"},
        {"\357\277\276{}", "Expecting value: line 1 column 1 (char 0)"},
        {"NAN", "Expecting value: line 1 column 1 (char 0)"},
        {"nan", "Expecting value: line 1 column 1 (char 0)"},
        {"inf", "Expecting value: line 1 column 1 (char 0)"},
        {"-inf", "Expecting value: line 1 column 1 (char 0)"},
        {"-NaN", "Expecting value: line 1 column 1 (char 0)"},
        {"+Infinity", "Expecting value: line 1 column 1 (char 0)"},
        {"-Infinit", "Expecting value: line 1 column 1 (char 0)"},
        {"Infinit", "Expecting value: line 1 column 1 (char 0)"},
    });
}

TEST(JsonDocumentErrors, Numbers)
{
    expect_errors({
        {"01", "Extra data: line 1 column 2 (char 1)"},
        {"-01", "Extra data: line 1 column 3 (char 2)"},
        {"1.", "Extra data: line 1 column 2 (char 1)"},
        {".5", "Expecting value: line 1 column 1 (char 0)"},
        {"+1", "Expecting value: line 1 column 1 (char 0)"},
        {"-", "Expecting value: line 1 column 1 (char 0)"},
        {"--1", "Expecting value: line 1 column 1 (char 0)"},
        {"1e", "Extra data: line 1 column 2 (char 1)"},
        {"1e+", "Extra data: line 1 column 2 (char 1)"},
        {"1.e5", "Extra data: line 1 column 2 (char 1)"},
        {"0x10", "Extra data: line 1 column 2 (char 1)"},
        {"1_000", "Extra data: line 1 column 2 (char 1)"},
        {"1,5", "Extra data: line 1 column 2 (char 1)"},
        {"-a", "Expecting value: line 1 column 1 (char 0)"},
        {"[1.]", "Expecting ',' delimiter: line 1 column 3 (char 2)"},
        {"[-]", "Expecting value: line 1 column 2 (char 1)"},
        {"[1e]", "Expecting ',' delimiter: line 1 column 3 (char 2)"},
        {"٣", "Expecting value: line 1 column 1 (char 0)"},
    });
}

TEST(JsonDocumentErrors, TheEndOfTheText)
{
    expect_errors({
        {"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"[", "Expecting value: line 1 column 2 (char 1)"},
        {"}", "Expecting value: line 1 column 1 (char 0)"},
        {"]", "Expecting value: line 1 column 1 (char 0)"},
        {",", "Expecting value: line 1 column 1 (char 0)"},
        {":", "Expecting value: line 1 column 1 (char 0)"},
        {R"({"url")", "Expecting ':' delimiter: line 1 column 7 (char 6)"},
        {R"({"url" )", "Expecting ':' delimiter: line 1 column 8 (char 7)"},
        {R"({"url":)", "Expecting value: line 1 column 8 (char 7)"},
        {R"({"url": )", "Expecting value: line 1 column 9 (char 8)"},
        {R"({"url": "x")", "Expecting ',' delimiter: line 1 column 12 (char 11)"},
        {R"({"url": "x",)", "Expecting property name enclosed in double quotes: line 1 column 13 (char 12)"},
        {R"({"url": "x", )", "Expecting property name enclosed in double quotes: line 1 column 14 (char 13)"},
        {"[1", "Expecting ',' delimiter: line 1 column 3 (char 2)"},
        {"[1,", "Expecting value: line 1 column 4 (char 3)"},
        {"[1, ", "Expecting value: line 1 column 5 (char 4)"},
        {"[[[[", "Expecting value: line 1 column 5 (char 4)"},
        {R"([{"a":[{"b":[)", "Expecting value: line 1 column 14 (char 13)"},
        {"{\"a\":1,\n\n\n", "Expecting property name enclosed in double quotes: line 4 column 1 (char 10)"},
    });
}

TEST(JsonDocumentErrors, Delimiters)
{
    expect_errors({
        {R"({"url" "x"})", "Expecting ':' delimiter: line 1 column 8 (char 7)"},
        {R"({"url": })", "Expecting value: line 1 column 9 (char 8)"},
        {R"({"url": "x",})", "Expecting property name enclosed in double quotes: line 1 column 13 (char 12)"},
        {R"({"a": 1 "b": 2})", "Expecting ',' delimiter: line 1 column 9 (char 8)"},
        {R"({"a": 1, "a"})", "Expecting ':' delimiter: line 1 column 13 (char 12)"},
        {R"({"a": 1; "b": 2})", "Expecting ',' delimiter: line 1 column 8 (char 7)"},
        {"{,}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"{1: 2}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"{url: 1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"{'url': 'x'}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"{\"a\"\342\200\250: 1}", "Expecting ':' delimiter: line 1 column 5 (char 4)"},
        {R"({"a":: 1})", "Expecting value: line 1 column 6 (char 5)"},
        {R"({"a"})", "Expecting ':' delimiter: line 1 column 5 (char 4)"},
        {"{null: 1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"},
        {"[,]", "Expecting value: line 1 column 2 (char 1)"},
        {"[1,]", "Expecting value: line 1 column 4 (char 3)"},
        {"[1,,2]", "Expecting value: line 1 column 4 (char 3)"},
        {"[1 , ]", "Expecting value: line 1 column 6 (char 5)"},
        {"[1}", "Expecting ',' delimiter: line 1 column 3 (char 2)"},
        {R"({"a": 1])", "Expecting ',' delimiter: line 1 column 8 (char 7)"},
        {R"({"a": [1, {"b": 2}, })", "Expecting value: line 1 column 21 (char 20)"},
        {"[true false]", "Expecting ',' delimiter: line 1 column 7 (char 6)"},
        {"[nulll]", "Expecting ',' delimiter: line 1 column 6 (char 5)"},
    });
}

TEST(JsonDocumentErrors, MoreBehindTheDocument)
{
    expect_errors({
        {R"({"url": "x"} x)", "Extra data: line 1 column 14 (char 13)"},
        {R"({"url": "x"}{})", "Extra data: line 1 column 13 (char 12)"},
        {"{}//", "Extra data: line 1 column 3 (char 2)"},
        {"[]]", "Extra data: line 1 column 3 (char 2)"},
        {"1 2", "Extra data: line 1 column 3 (char 2)"},
        {R"("a" "b")", "Extra data: line 1 column 5 (char 4)"},
        {"nullnull", "Extra data: line 1 column 5 (char 4)"},
        {"{}\000"sv, "Extra data: line 1 column 3 (char 2)"},
        {"{}\n\n é x", "Extra data: line 3 column 2 (char 5)"},
    });
}

TEST(JsonDocumentErrors, StringsAndEscapes)
{
    expect_errors({
        {R"(")", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {R"("abc)", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {R"({"url)", "Unterminated string starting at: line 1 column 2 (char 1)"},
        {R"("\)", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {R"("\u)", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {R"("\u12)", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {R"("\u004)", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {R"("\u0041)", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {R"({"a":"\u0041)", "Invalid \\uXXXX escape: line 1 column 8 (char 7)"},
        {R"("\ud83d\ude00)", "Invalid \\uXXXX escape: line 1 column 9 (char 8)"},
        {R"("\x")", "Invalid \\escape: line 1 column 2 (char 1)"},
        {R"("\v")", "Invalid \\escape: line 1 column 2 (char 1)"},
        {R"("\0")", "Invalid \\escape: line 1 column 2 (char 1)"},
        {R"("\'")", "Invalid \\escape: line 1 column 2 (char 1)"},
        {"\"\\\n\"", "Invalid \\escape: line 1 column 2 (char 1)"},
        {R"("\u12G4")", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {R"("\u 123")", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {R"("\u+123")", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {R"("\u-123")", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {R"("\U0041")", "Invalid \\escape: line 1 column 2 (char 1)"},
        {R"("\uD83D\uZZZZ")", "Invalid \\uXXXX escape: line 1 column 9 (char 8)"},
        {"\"a\tb\"", "Invalid control character at: line 1 column 3 (char 2)"},
        {"\"a\nb\"", "Invalid control character at: line 1 column 3 (char 2)"},
        {"\"a\000b\""sv, "Invalid control character at: line 1 column 3 (char 2)"},
        {"\"a\037b\"", "Invalid control character at: line 1 column 3 (char 2)"},
        {R"("\n\t\q")", "Invalid \\escape: line 1 column 6 (char 5)"},
        {R"({"a\z": 1})", "Invalid \\escape: line 1 column 4 (char 3)"},
        {"{\"a\tb\": 1}", "Invalid control character at: line 1 column 4 (char 3)"},
        {"\"a\r\n", "Invalid control character at: line 1 column 3 (char 2)"},
        {R"("\u0041\)", "Unterminated string starting at: line 1 column 1 (char 0)"},
    });
}

TEST(JsonDocumentErrors, CharactersAreCountedAndLinesEndAtLineFeeds)
{
    expect_errors({
        {"{\n\n  \"url\": \"x\"\n  \"y\": 1}", "Expecting ',' delimiter: line 4 column 3 (char 18)"},
        {"{\r\n \"é\": \"я😀\" x}", "Expecting ',' delimiter: line 2 column 12 (char 14)"},
        {"[1,2,3,\n4,\n5,\n6 7]", "Expecting ',' delimiter: line 4 column 3 (char 16)"},
        {R"("é)", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {"\"é\n\"", "Invalid control character at: line 1 column 3 (char 2)"},
        {R"(["я😀", \])", "Expecting value: line 1 column 8 (char 7)"},
        {R"({"текст": "😀" "x"})", "Expecting ',' delimiter: line 1 column 15 (char 14)"},
        {R"({"😀😀"; 1})", "Expecting ':' delimiter: line 1 column 6 (char 5)"},
        {"[\"é\",\r\"я\" 1]", "Expecting ',' delimiter: line 1 column 11 (char 10)"},
        {"[\"é\342\200\250я\", x]", "Expecting value: line 1 column 9 (char 8)"},
        {"[\"\302\205\" 1]", "Expecting ',' delimiter: line 1 column 6 (char 5)"},
        {R"({"Привет": "мир\x"})", "Invalid \\escape: line 1 column 16 (char 15)"},
        {R"(["😀\u12"])", "Invalid \\uXXXX escape: line 1 column 5 (char 4)"},
        {"[\n\"😀\",\n\"é\", ]", "Expecting value: line 3 column 6 (char 12)"},
        {R"("😀"é)", "Extra data: line 1 column 4 (char 3)"},
        {"[\n\r\n\r\"é\"\n,\n}", "Expecting value: line 5 column 1 (char 11)"},
    });
}

} // namespace
} // namespace ttsave::api
