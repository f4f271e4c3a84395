// Issue 8, "The page": where the files are, and how they are answered for.

#include "web/pages.hpp"

#include <gmock/gmock.h>

#include <array>
#include <optional>
#include <string>

namespace ttsave::web {
namespace {

using http::field;
using http::status;
using http::verb;
using testing::ElementsAre;

constexpr std::array<asset, 5> files{{
    {"assets/page-1.js", "text/javascript; charset=utf-8", {"script", "\"s\""}, {"scr", "\"s-gzip\""}},
    {"docs/index.html", "text/html; charset=utf-8", {"docs", "\"d\""}, {}},
    {"icon-192.png", "image/png", {"icon", "\"i\""}, {}},
    {"index.html", "text/html; charset=utf-8", {"page", "\"p\""}, {"pag", "\"p-gzip\""}},
    {"other.html", "text/html; charset=utf-8", {"other", "\"o\""}, {}},
}};

class Pages : public testing::Test {
protected:
    Pages() { add_pages(routes_, files); }

    http::response get(std::string_view path, const http::request& asked = {})
    {
        const auto found = routes_.find(verb::get, path);
        if (!std::holds_alternative<const http::route*>(found))
            return {status::not_found, {}, {}, {}};
        return std::get<http::immediate_handler>(std::get<const http::route*>(found)->handle)(asked);
    }

    static http::request asking(field name, std::initializer_list<const char*> values)
    {
        http::request asked;
        for (const auto* value : values)
            asked.fields.insert(name, value);
        return asked;
    }

    static std::optional<std::string> value_of(const http::response& answer, std::string_view name)
    {
        for (const auto& [key, value] : answer.fields)
            if (key == name)
                return value;
        return std::nullopt;
    }

    http::router routes_;
};

TEST_F(Pages, AreWherePeopleLookForThem)
{
    EXPECT_EQ(get("/").content(), "page");
    EXPECT_EQ(get("/docs").content(), "docs");
    EXPECT_EQ(get("/other.html").content(), "other");
    EXPECT_EQ(get("/assets/page-1.js").content(), "script");
    for (const auto* path : {"/index.html", "/docs/", "/docs/index.html", "/assets", "/assets/", "/page-1.js", ""})
        EXPECT_EQ(get(path).status, status::not_found) << path;
}

TEST_F(Pages, AreOnlyRead)
{
    for (const verb other : {verb::post, verb::put, verb::delete_, verb::options}) {
        const auto found = routes_.find(other, "/");
        ASSERT_TRUE(std::holds_alternative<http::method_not_allowed>(found));
        EXPECT_EQ(std::get<http::method_not_allowed>(found).allow, "GET, HEAD");
    }
    EXPECT_TRUE(std::holds_alternative<const http::route*>(routes_.find(verb::head, "/")));
}

TEST_F(Pages, AreCountedByTheirAddressAndAllElseAsOne)
{
    EXPECT_THAT(routes_.counted(), ElementsAre("/assets", "/docs", "/"));
}

TEST_F(Pages, AreSentFromWhereTheyAre)
{
    EXPECT_EQ(get("/").static_body.data(), files[3].plain.bytes.data());
    EXPECT_EQ(get("/", asking(field::accept_encoding, {"gzip"})).static_body.data(), files[3].gzip.bytes.data());
}

TEST_F(Pages, ComeInTheCodingThatTheClientPrefers)
{
    const auto plain = get("/");
    EXPECT_EQ(value_of(plain, "ETag"), "\"p\"");
    EXPECT_EQ(value_of(plain, "Vary"), "Accept-Encoding");
    EXPECT_EQ(value_of(plain, "Content-Encoding"), std::nullopt);
    const auto packed = get("/", asking(field::accept_encoding, {"br", "gzip;q=0.5"}));
    EXPECT_EQ(packed.content(), "pag");
    EXPECT_EQ(value_of(packed, "ETag"), "\"p-gzip\"");
    EXPECT_EQ(value_of(packed, "Vary"), "Accept-Encoding");
    EXPECT_EQ(value_of(packed, "Content-Encoding"), "gzip");
}

TEST_F(Pages, ComeAsTheyAreWherePackingIsNoUse)
{
    const auto icon = get("/icon-192.png", asking(field::accept_encoding, {"gzip"}));
    EXPECT_EQ(icon.content(), "icon");
    EXPECT_EQ(value_of(icon, "Content-Encoding"), std::nullopt);
    EXPECT_EQ(value_of(icon, "Vary"), std::nullopt);
}

TEST_F(Pages, MayBeKeptWhereTheirNameChangesWithThem)
{
    EXPECT_EQ(value_of(get("/assets/page-1.js"), "Cache-Control"), "public, max-age=31536000, immutable");
    for (const auto* path : {"/", "/docs", "/icon-192.png", "/other.html"})
        EXPECT_EQ(value_of(get(path), "Cache-Control"), "no-cache") << path;
}

TEST_F(Pages, AreNotSentToWhoHasThem)
{
    const auto known = get("/", asking(field::if_none_match, {"\"x\"", "W/\"p\""}));
    EXPECT_EQ(known.status, status::not_modified);
    EXPECT_EQ(known.content_type, "");
    EXPECT_EQ(known.content(), "");
    for (const auto* repeated : {"ETag", "Cache-Control", "Vary", "Content-Security-Policy"})
        EXPECT_EQ(value_of(known, repeated), value_of(get("/"), repeated)) << repeated;
    EXPECT_EQ(get("/", asking(field::if_none_match, {"*"})).status, status::not_modified);
}

TEST_F(Pages, AreSentToWhoHasThemInAnotherCoding)
{
    auto asked = asking(field::if_none_match, {"\"p-gzip\""});
    EXPECT_EQ(get("/", asked).content(), "page");
    asked.fields.insert(field::accept_encoding, "gzip");
    const auto known = get("/", asked);
    EXPECT_EQ(known.status, status::not_modified);
    EXPECT_EQ(value_of(known, "ETag"), "\"p-gzip\"");
    EXPECT_EQ(value_of(known, "Content-Encoding"), std::nullopt);
}

TEST_F(Pages, LoadNothingFromElsewhere)
{
    const auto policy = [this](std::string_view path) { return value_of(get(path), "Content-Security-Policy"); };
    EXPECT_EQ(policy("/"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; "
              "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    EXPECT_EQ(policy("/other.html"), policy("/")) << "what nobody has thought of is under the strict one";
    EXPECT_EQ(policy("/docs"), "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                               "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    EXPECT_EQ(policy("/assets/page-1.js"), std::nullopt);
}

TEST_F(Pages, AreTakenForWhatTheyAre)
{
    EXPECT_EQ(get("/").content_type, "text/html; charset=utf-8");
    for (const auto* path : {"/", "/assets/page-1.js", "/icon-192.png"})
        EXPECT_EQ(value_of(get(path), "X-Content-Type-Options"), "nosniff") << path;
    for (const auto* path : {"/", "/docs"}) {
        EXPECT_EQ(value_of(get(path), "Referrer-Policy"), "no-referrer");
        EXPECT_EQ(value_of(get(path), "Cross-Origin-Opener-Policy"), "same-origin");
    }
}

} // namespace
} // namespace ttsave::web
