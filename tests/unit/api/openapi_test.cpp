// Issue 8, line 2: /openapi.json says what the server does, and all of it.

#include "api/openapi.hpp"

#include "api/download_request.hpp"
#include "api/error_table.hpp"
#include "api/routes.hpp"

#include <boost/beast/http/verb.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace ttsave::api {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

json::object document(bool needs_key = true, const std::string& base_path = "/api/v3")
{
    return openapi_document({"3.0.0", base_path, needs_key});
}

/// "get /ping" and the like.
using operations = std::map<std::string, json::object>;

operations operations_of(const json::object& from)
{
    operations found;
    for (const auto& [path, methods] : from.at("paths").as_object())
        for (const auto& [method, operation] : methods.as_object())
            found[std::string(method) + " " + std::string(path)] = operation.as_object();
    return found;
}

std::vector<std::string> keys_of(const json::object& from)
{
    std::vector<std::string> keys;
    for (const auto& each : from)
        keys.emplace_back(each.key());
    return keys;
}

void walk(const json::value& from, const std::function<void(const json::object&)>& seen)
{
    if (const auto* const object = from.if_object()) {
        seen(*object);
        for (const auto& each : *object)
            walk(each.value(), seen);
    } else if (const auto* const array = from.if_array()) {
        for (const auto& each : *array)
            walk(each, seen);
    }
}

TEST(Openapi, DescribesEveryEndpointAndNoOther)
{
    for (const std::string base_path : {"/api/v3", "", "/a/b"}) {
        std::set<std::string> served;
        const auto routes = make_routes(base_path, {});
        for (const auto& route : routes.all())
            for (const auto method : route.methods) {
                std::string name(boost::beast::http::to_string(method));
                std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
                served.insert(name + " " + route.path);
            }
        std::set<std::string> described;
        for (const auto& each : operations_of(document(true, base_path)))
            described.insert(each.first);
        EXPECT_EQ(described, served) << base_path;
    }
}

TEST(Openapi, NamesEachOperationOnce)
{
    for (const std::string base_path : {"/api/v3", ""}) {
        std::set<std::string_view> ids;
        const auto all = operations_of(document(true, base_path));
        for (const auto& [name, operation] : all) {
            const auto& id = operation.at("operationId").as_string();
            EXPECT_TRUE(ids.insert({id.data(), id.size()}).second) << name;
        }
    }
}

TEST(Openapi, RefersToWhatIsThere)
{
    const json::value whole = document();
    std::size_t references = 0;
    walk(whole, [&](const json::object& object) {
        const auto* const to = object.if_contains("$ref");
        if (!to)
            return;
        ++references;
        ASSERT_TRUE(to->as_string().starts_with("#/"));
        boost::system::error_code ec;
        EXPECT_TRUE(whole.find_pointer(to->as_string().subview(1), ec)) << to->as_string();
    });
    EXPECT_GT(references, 50u);
}

TEST(Openapi, TellsOfKeysWhereTheyAreWanted)
{
    std::vector<std::string> guarded;
    std::vector<std::string> refusing;
    const auto with_keys = document(true);
    for (const auto& [name, operation] : operations_of(with_keys)) {
        if (const auto* const ways = operation.if_contains("security")) {
            guarded.push_back(name);
            EXPECT_EQ(json::serialize(*ways), R"([{"bearer":[]},{"header":[]},{"basic":[]}])");
        }
        if (operation.at("responses").as_object().contains("401"))
            refusing.push_back(name);
    }
    EXPECT_THAT(guarded, ElementsAre("get /metrics", "head /metrics", "post /api/v3/download"));
    EXPECT_EQ(refusing, guarded);
    EXPECT_EQ(with_keys.at("components").at("securitySchemes").as_object().size(), 3u);

    const auto open = document(false);
    EXPECT_FALSE(open.at("components").as_object().contains("securitySchemes"));
    for (const auto& [name, operation] : operations_of(open)) {
        EXPECT_FALSE(operation.contains("security")) << name;
        EXPECT_FALSE(operation.at("responses").as_object().contains("401")) << name;
    }
}

/// The names of the examples that `responses`, by status, show of that status.
std::set<std::string> shown_by(const json::object& responses, const std::string& status)
{
    std::set<std::string> names;
    const auto* const response = responses.if_contains(status);
    const auto* const content = response ? response->as_object().if_contains("content") : nullptr;
    if (!content)
        return names;
    for (const auto& example : content->at("application/json").at("examples").as_object())
        names.insert(std::string(example.key()));
    return names;
}

TEST(Openapi, ShowsEveryErrorWhereItCanCome)
{
    const auto whole = document();
    const auto& shared = whole.at("components").at("responses").as_object();
    const auto& download = whole.at("paths").at("/api/v3/download").at("post").at("responses").as_object();
    for (const auto& row : error_table()) {
        const auto status = std::to_string(static_cast<unsigned>(row.status));
        const auto name = name_of(row);
        const bool is_shared = row.met == asked_for::anything || row.met == asked_for::nothing_there;
        EXPECT_EQ(shown_by(shared, status).contains(name), is_shared) << name;
        EXPECT_EQ(download.contains(status), row.met != asked_for::nothing_there) << name;
        EXPECT_TRUE(is_shared || shown_by(download, status).contains(name)) << name;
        EXPECT_TRUE(whole.at("components").at("examples").as_object().contains(name)) << name;
    }
    EXPECT_TRUE(shown_by(download, "400").contains("http-400")) << "beside those of posts";
    const auto& ping = whole.at("paths").at("/ping").at("get").at("responses").as_object();
    EXPECT_THAT(keys_of(ping), ElementsAre("200", "400", "414", "417", "431", "500", "503"));
    EXPECT_EQ(ping.at("414"), (json::object{{"$ref", "#/components/responses/414"}}));
}

TEST(Openapi, KnowsTheKeysOfARequest)
{
    const auto whole = document();
    const auto& schema = whole.at("components").at("schemas").at("DownloadRequest").as_object();
    EXPECT_THAT(keys_of(schema.at("properties").as_object()),
                ElementsAre("url", "download_content_type", "content_type"));
    for (const char* key : {"download_content_type", "content_type"})
        EXPECT_EQ(schema.at("properties").at(key).at("enum"), (json::array{"ORIGINAL", "VIDEO_ONLY"})) << key;
}

TEST(Openapi, ShowsRequestsThatAreTaken)
{
    const auto content = document().at("paths").at("/api/v3/download").at("post").at("requestBody").at("content");
    for (const auto& [media_type, body] : content.as_object())
        for (const auto& [name, example] : body.at("examples").as_object()) {
            const auto text = json::serialize(example.at("value"));
            const auto parsed = parse_download_request({media_type.data(), media_type.size()}, text);
            EXPECT_TRUE(std::holds_alternative<download_request>(parsed)) << name;
        }
}

TEST(Openapi, TellsWhichServerItIsOf)
{
    const auto whole = openapi_document({"1.2.3", "/api/v3", false});
    EXPECT_EQ(whole.at("info").at("version"), json::value("1.2.3"));
    EXPECT_THAT(keys_of(whole), ElementsAre("openapi", "info", "servers", "tags", "paths", "components"));
}

} // namespace
} // namespace ttsave::api
