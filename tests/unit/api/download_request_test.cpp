// Contract, "The request body of download" and "Errors": what each body is answered with.

#include "api/download_request.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

#include <vector>

namespace ttsave::api {
namespace {

namespace json = boost::json;
using namespace std::literals;

const std::string url_required = R"({"detail":"URL is required","code":"url.required"})";
const std::string mode_invalid = R"({"detail":"Invalid content type","code":"content_type.invalid"})";
const std::string not_a_dict = R"({"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"})";
const std::string not_tiktok =
    R"({"loc":["body","url"],"msg":"URL is not a TikTok video or photo","type":"value_error.url.host"})";

std::string missing(const std::string& key)
{
    return R"({"loc":["body",")" + key + R"("],"msg":"field required","type":"value_error.missing"})";
}

std::string not_text(const std::string& key)
{
    return R"({"loc":["body",")" + key + R"("],"msg":"str type expected","type":"type_error.str"})";
}

std::string malformed(int position, const std::string& message)
{
    return R"({"loc":["body",)" + std::to_string(position) + R"(],"msg":")" + message +
           R"(","type":"value_error.jsondecode"})";
}

void expect_answer(std::string_view body, http::status status, const std::string& expected,
                   std::string_view media_type = "application/json")
{
    const auto parsed = parse_download_request(media_type, body);
    const auto* const answer = std::get_if<http::response>(&parsed);
    ASSERT_TRUE(answer) << body << " as " << media_type;
    EXPECT_EQ(answer->status, status) << body;
    EXPECT_EQ(answer->content_type, "application/json");
    EXPECT_EQ(json::parse(answer->body), json::parse(expected)) << body << " as " << media_type;
}

void expect_400(std::string_view body, const std::string& expected)
{
    expect_answer(body, http::status::bad_request, expected);
}

void expect_422(std::string_view body, const std::string& entries, std::string_view media_type = "application/json")
{
    expect_answer(body, http::status::unprocessable_entity,
                  R"({"message":"Validation Error","detail":[)" + entries + "]}", media_type);
}

void expect_accepted(std::string_view body, delivery::content_mode mode,
                     std::string_view media_type = "application/json")
{
    const auto parsed = parse_download_request(media_type, body);
    const auto* const request = std::get_if<download_request>(&parsed);
    ASSERT_TRUE(request) << body << " as " << media_type;
    EXPECT_EQ(request->mode, mode) << body;
    ASSERT_TRUE(std::holds_alternative<extraction::short_link>(request->link)) << body;
    EXPECT_EQ(std::get<extraction::short_link>(request->link).url(), "https://vm.tiktok.com/ZMabc");
}

const std::string link = R"("url":"https://vm.tiktok.com/ZMabc")";
const std::string original = R"("download_content_type":"ORIGINAL")";
const std::string valid = '{' + link + ',' + original + '}';

TEST(DownloadRequest, IsReadFromEitherKeyAndBothValues)
{
    for (const std::string key : {"download_content_type", "content_type"}) {
        expect_accepted('{' + link + ",\"" + key + "\":\"ORIGINAL\"}", delivery::content_mode::original);
        expect_accepted('{' + link + ",\"" + key + "\":\"VIDEO_ONLY\"}", delivery::content_mode::video_only);
    }
    expect_accepted(R"({"content_type":"\u004fRIGINAL","url":" \r\n\t\u00a0 vm.tiktok.com\/ZMabc\n"})",
                    delivery::content_mode::original);
}

TEST(DownloadRequest, PrefersTheDocumentedKeyWhateverItHolds)
{
    for (const std::string ignored : {"\"ORIGINAL\"", "\"NEITHER\"", "null", "5", "[]"})
        for (const auto& both : {R"("download_content_type":"VIDEO_ONLY","content_type":)" + ignored,
                                 R"("content_type":)" + ignored + R"(,"download_content_type":"VIDEO_ONLY")"})
            expect_accepted('{' + link + ',' + both + '}', delivery::content_mode::video_only);
    for (const std::string wrong : {"null", "\"\"", "\"NEITHER\""})
        expect_400('{' + link + R"(,"content_type":"ORIGINAL","download_content_type":)" + wrong + '}', mode_invalid);
    expect_422('{' + link + R"(,"content_type":"ORIGINAL","download_content_type":5})",
               not_text("download_content_type"));
}

TEST(DownloadRequest, FindsTheLinkInAText)
{
    expect_accepted(R"({"url":"Посмотри! https://vm.tiktok.com/ZMabc/ #fun","content_type":"ORIGINAL"})",
                    delivery::content_mode::original);
}

TEST(DownloadRequest, IgnoresUnknownKeysAndCountsTheLastOfEqualOnes)
{
    expect_accepted(R"({"a":1,"":[{"url":5}],"URL":1,"Content_Type":2,)" + valid.substr(1),
                    delivery::content_mode::original);
    expect_accepted(R"({"url":5,"download_content_type":"NEITHER",)" + valid.substr(1),
                    delivery::content_mode::original);
    expect_400('{' + link + ',' + original + R"(,"url":null})", url_required);
}

TEST(DownloadRequest, AnswersEveryPairOfFieldsUrlFirst)
{
    struct field {
        std::string member;  ///< of the body; may be empty
        std::string refusal; ///< a whole 400 body
        std::string entry;   ///< of a 422
    };
    std::vector<field> urls{{link, "", ""}, {"", url_required, ""}};
    for (const std::string blank : {"null", "\"\"", "\" \\t\\r\\n \""})
        urls.push_back({"\"url\":" + blank, url_required, ""});
    for (const std::string foreign :
         {"\"https://example.com/\"", "\"https://www.tiktok.com/@some.user\"", "\"x\"", "\"\\u0000\""})
        urls.push_back({"\"url\":" + foreign, "", not_tiktok});
    std::vector<field> modes{{original, "", ""}, {"", mode_invalid, ""}};
    for (const std::string key : {"download_content_type", "content_type"})
        for (const std::string wrong : {"null", "\"\"", "\"  \"", "\"original\"", "\" ORIGINAL\"", "\"ORIGINAL\\n\"",
                                        "\"ORIGINAL\\u0000\"", "\"BOTH\""})
            modes.push_back({'"' + key + "\":" + wrong, mode_invalid, ""});
    for (const std::string other : {"5", "0", "1.5", "true", "false", "[]", "{}", "[\"ORIGINAL\"]", "NaN"}) {
        urls.push_back({"\"url\":" + other, "", not_text("url")});
        for (const std::string key : {"download_content_type", "content_type"})
            modes.push_back({'"' + key + "\":" + other, "", not_text(key)});
    }
    for (const auto& url : urls)
        for (const auto& mode : modes) {
            const std::string comma = url.member.empty() || mode.member.empty() ? "" : ",";
            const std::string both = '{' + url.member + comma + mode.member + '}';
            if (!url.refusal.empty())
                expect_400(both, url.refusal);
            else if (!url.entry.empty() && !mode.entry.empty())
                expect_422(both, url.entry + ',' + mode.entry);
            else if (!url.entry.empty() || !mode.entry.empty())
                expect_422(both, url.entry + mode.entry);
            else if (!mode.refusal.empty())
                expect_400(both, mode.refusal);
            else
                expect_accepted(both, delivery::content_mode::original);
        }
}

TEST(DownloadRequest, MissesBothFieldsInAnEmptyBody)
{
    for (const auto* media_type : {"", "application/json"})
        expect_422("", missing("url") + ',' + missing("download_content_type"), media_type);
}

TEST(DownloadRequest, WantsAnObject)
{
    for (const auto* other : {"[]", "[{}]", "\"url\"", "5", "-1.5", "true", "false", "null", "NaN", " [1] "})
        expect_422(other, not_a_dict);
}

TEST(DownloadRequest, ReportsMalformedJsonWithItsPlaceInCharacters)
{
    expect_422(" ", malformed(1, "Expecting value: line 1 column 2 (char 1)"));
    expect_422("{\"url\": \"я😀\",\n}",
               malformed(14, "Expecting property name enclosed in double quotes: line 2 column 1 (char 14)"));
    expect_422("{\"url\": \"\xff\"}", malformed(9, "Invalid UTF-8: line 1 column 10 (char 9)"));
}

TEST(DownloadRequest, TakesJsonUnderItsMediaTypesAndWithoutOne)
{
    for (const auto media_type :
         {"application/json"sv, "APPLICATION/JSON"sv, "Application/Json; charset=utf-8"sv,
          "application/json;charset=\"utf-8\""sv, "application/json ; x=\"a;b\""sv, "application/json;"sv,
          " application/json "sv, "application/vnd.api+json"sv, "application/problem+JSON; charset=utf-8"sv, ""sv})
        expect_accepted(valid, delivery::content_mode::original, media_type);
}

TEST(DownloadRequest, RefusesOtherMediaTypes)
{
    for (const auto media_type : {"text/plain"sv, "text/json"sv, "application/x-www-form-urlencoded"sv,
                                  "multipart/form-data; boundary=x"sv, "application/jsonp"sv, "application/json5"sv,
                                  "application/jsonl"sv, "application/xml"sv, "application/octet-stream"sv, "json"sv,
                                  "image/svg+json"sv, "application/json, text/plain"sv, "application/xml+json+x"sv,
                                  "text/plain; x=application/json"sv, "appl ication/json"sv, "application/json\0"sv})
        for (const std::string& sent : {valid, std::string("{"), std::string("x")})
            expect_422(sent, not_a_dict, media_type);
}

} // namespace
} // namespace ttsave::api
