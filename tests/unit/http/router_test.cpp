// Contract, "Endpoints": which request is answered by whom, any other path, the wrong method.

#include "http/router.hpp"

#include <gmock/gmock.h>

namespace ttsave::http {
namespace {

router make_router()
{
    router routes;
    routes.add({"/api/v3/download", {verb::post}, body_policy::keep, {}});
    routes.add({"/api/v3/ping", {verb::get, verb::head, verb::post}, body_policy::ignore, {}});
    return routes;
}

TEST(Router, FindsTheRouteOfAPathAndAMethod)
{
    const router routes = make_router();
    const auto download = routes.find(verb::post, "/api/v3/download");
    ASSERT_TRUE(std::holds_alternative<const route*>(download));
    EXPECT_EQ(std::get<const route*>(download)->path, "/api/v3/download");
    EXPECT_EQ(std::get<const route*>(download)->body, body_policy::keep);
    for (const verb method : {verb::get, verb::head, verb::post}) {
        const auto ping = routes.find(method, "/api/v3/ping");
        ASSERT_TRUE(std::holds_alternative<const route*>(ping));
        EXPECT_EQ(std::get<const route*>(ping)->path, "/api/v3/ping");
    }
}

TEST(Router, ListsTheMethodsOfAPathThatLacksTheOneAskedFor)
{
    const router routes = make_router();
    const auto allow = [&routes](verb method, std::string_view path) {
        const auto match = routes.find(method, path);
        const auto* const refused = std::get_if<method_not_allowed>(&match);
        return refused ? refused->allow : "not refused";
    };
    for (const verb method :
         {verb::get, verb::head, verb::put, verb::delete_, verb::options, verb::connect, verb::unknown})
        EXPECT_EQ(allow(method, "/api/v3/download"), "POST");
    EXPECT_EQ(allow(verb::put, "/api/v3/ping"), "GET, HEAD, POST");
}

TEST(Router, KnowsNoOtherPath)
{
    const router routes = make_router();
    for (const auto* path :
         {"", "/", "/api/v3", "/api/v3/", "/api/v3/download/", "/api/v3/Download", "/api/v3//download",
          "api/v3/download", "/api/v3/download ", "/api/v3/../v3/download", "/download"})
        EXPECT_TRUE(std::holds_alternative<not_found>(routes.find(verb::post, path))) << path;
}

TEST(Router, CountsRoutesByPathOrAsAGroup)
{
    router routes = make_router();
    for (const auto* path : {"/a.js", "/b.css"})
        routes.add({path, {verb::get}, body_policy::ignore, {}, {}, "/files"});
    routes.add({"/api/v3/ping", {verb::get}, body_policy::ignore, {}});
    EXPECT_THAT(routes.counted(), testing::ElementsAre("/api/v3/download", "/api/v3/ping", "/files"));
    EXPECT_EQ(std::get<const route*>(routes.find(verb::get, "/b.css"))->path, "/b.css");
}

TEST(Router, TakesThePathFromATarget)
{
    struct example {
        std::string_view target;
        std::string_view path;
    };
    for (const auto& [target, path] : {
             example{"/", "/"},
             example{"/api/v3/ping", "/api/v3/ping"},
             example{"/api/v3/ping/", "/api/v3/ping/"},
             example{"/ping?", "/ping"},
             example{"/ping?a=/b?c=d", "/ping"},
             example{"/p%69ng", "/ping"},
             example{"/%2Fping%3Fa", "//ping?a"},
             example{"/%D1%8F%00", std::string_view("/я\0", 4)},
             example{"//evil.com/ping", "//evil.com/ping"},
             example{"/a/../ping", "/a/../ping"},
             example{"http://host/ping", "/ping"},
             example{"HTTP://host:4347/ping?a=b", "/ping"},
             example{"https://host/p%69ng", "/ping"},
             example{"http://host", "/"},
             example{"http://host?a", "/"},
             example{"http://[::1]:4347/ping", "/ping"},
         })
        EXPECT_EQ(path_of(target), path) << target;
}

TEST(Router, DoesNotLetTheQueryHideThePath)
{
    for (const std::string query : {"a=[1]", "a=100%", "a=%zz", "a=|", "\"{}^`\\"})
        EXPECT_EQ(path_of("/ping?" + query), "/ping") << query;
}

TEST(Router, TakesNoPathFromOtherTargets)
{
    for (const auto* target :
         {"", "*", "ping", "host:443", "host", "?a", "/%", "/%z1", "/%1", "/a b", "://host/ping", "\r\n"})
        EXPECT_EQ(path_of(target), "") << target;
}

} // namespace
} // namespace ttsave::http
