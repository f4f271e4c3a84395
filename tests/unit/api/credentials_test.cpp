// Issue 6, "Keys": Authorization: Bearer, X-API-Key, and the password of HTTP Basic.

#include "api/credentials.hpp"

#include <gmock/gmock.h>

#include <initializer_list>
#include <utility>

namespace ttsave::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> secrets(std::initializer_list<std::pair<const char*, const char*>> given)
{
    boost::beast::http::fields fields;
    for (const auto& [name, value] : given)
        fields.insert(name, value);
    return shown_secrets(fields);
}

TEST(Credentials, StandInAnyOfThreePlaces)
{
    EXPECT_THAT(secrets({{"X-API-Key", "a secret"}}), ElementsAre("a secret"));
    EXPECT_THAT(secrets({{"Authorization", "Bearer abc.def"}}), ElementsAre("abc.def"));
    EXPECT_THAT(secrets({{"Authorization", "Basic Ym90OktFWQ=="}}), ElementsAre("KEY")) << "bot:KEY";
    EXPECT_THAT(secrets({{"authorization", "bEaReR   abc"}}), ElementsAre("abc"));
    EXPECT_THAT(secrets({{"Authorization", "basic Ym90OktFWQ=="}}), ElementsAre("KEY"));
}

TEST(Credentials, OfBasicAreWhatFollowsTheFirstColon)
{
    EXPECT_THAT(secrets({{"Authorization", "Basic OmE6Yg=="}}), ElementsAre("a:b")) << ":a:b";
    EXPECT_THAT(secrets({{"Authorization", "Basic Ym90Og=="}}), ElementsAre("")) << "bot:";
    EXPECT_THAT(secrets({{"Authorization", "Basic Ym90"}}), IsEmpty()) << "bot";
}

TEST(Credentials, AreNotGuessedFromAnythingElse)
{
    for (const auto* wrong : {"", "Bearer", "Basic", "Basic !!!!", "Basic Ym90OktFWQ", "Basic Ym90OktFWQ===", "KEY",
                              "Digest username=\"bot\"", "BearerKEY"})
        EXPECT_THAT(secrets({{"Authorization", wrong}}), IsEmpty()) << wrong;
    EXPECT_THAT(secrets({{"Proxy-Authorization", "Bearer abc"}, {"Cookie", "key=abc"}}), IsEmpty());
}

TEST(Credentials, MayBeSeveralButNotMany)
{
    EXPECT_THAT(secrets({{"X-API-Key", "a"}, {"Authorization", "Bearer b"}}), ElementsAre("a", "b"));
    EXPECT_THAT(secrets({{"X-API-Key", "1"},
                         {"X-API-Key", "2"},
                         {"X-API-Key", "3"},
                         {"X-API-Key", "4"},
                         {"X-API-Key", "5"},
                         {"Authorization", "Bearer 6"}}),
                SizeIs(4));
}

} // namespace
} // namespace ttsave::api
