// Contract, "Errors": the bodies as FastAPI words them.

#include "http/error_response.hpp"

#include <boost/json/parse.hpp>

#include <gmock/gmock.h>

namespace ttsave::http {
namespace {

namespace json = boost::json;

TEST(ErrorResponse, NamesTheDetailAndTheCodeIfThereIsOne)
{
    const auto plain = error_response(status::not_found, "Not Found");
    EXPECT_EQ(plain.status, status::not_found);
    EXPECT_EQ(plain.content_type, "application/json");
    EXPECT_EQ(plain.body, R"({"detail":"Not Found"})");
    EXPECT_TRUE(plain.fields.empty());
    EXPECT_EQ(error_response(status::bad_request, "URL is required", "url.required").body,
              R"({"detail":"URL is required","code":"url.required"})");
}

TEST(ErrorResponse, ListsValidationEntriesInOrder)
{
    const auto answer = validation_error({{{"body", "url"}, "field required", "value_error.missing"},
                                          {{"body", std::int64_t{14}}, "Expecting value", "value_error.jsondecode"},
                                          {{"body"}, "value is not a valid dict", "type_error.dict"}});
    EXPECT_EQ(answer.status, status::unprocessable_entity);
    EXPECT_EQ(answer.content_type, "application/json");
    EXPECT_EQ(answer.body, R"({"message":"Validation Error","detail":[)"
                           R"({"loc":["body","url"],"msg":"field required","type":"value_error.missing"},)"
                           R"({"loc":["body",14],"msg":"Expecting value","type":"value_error.jsondecode"},)"
                           R"({"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})");
}

TEST(ErrorResponse, SaysThatItIsAnInternalError)
{
    const auto answer = internal_error("it broke");
    EXPECT_EQ(answer.status, status::internal_server_error);
    EXPECT_EQ(answer.content_type, "application/json");
    EXPECT_EQ(answer.body, R"({"message":"Internal Server Error","detail":"Error: it broke"})");
}

TEST(ErrorResponse, TellsWhenToTryAgain)
{
    const auto answer = service_unavailable();
    EXPECT_EQ(answer.status, status::service_unavailable);
    EXPECT_EQ(answer.content_type, "application/json");
    EXPECT_EQ(answer.body, R"({"detail":"Service Unavailable"})");
    ASSERT_EQ(answer.fields.size(), 1u);
    EXPECT_EQ(answer.fields[0].first, "Retry-After");
    EXPECT_GT(std::stoi(answer.fields[0].second), 0); // seconds (RFC 9110 section 10.2.3)
}

TEST(ErrorResponse, EscapesWhatItQuotes)
{
    const std::string text = "\"quoted\" \\ \r\n\x01 я😀";
    EXPECT_EQ(json::parse(error_response(status::bad_request, text, text).body),
              (json::value{{"detail", text}, {"code", text}}));
    EXPECT_EQ(json::parse(validation_error({{{text}, text, text}}).body).at("detail").at(0),
              (json::value{{"loc", json::array{text}}, {"msg", text}, {"type", text}}));
}

} // namespace
} // namespace ttsave::http
