// Proxies in turn, and how long those rest that fail; the clock is the test's.

#include "net/proxy_rotation.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace ttsave::net {
namespace {

using namespace std::chrono_literals;

class ProxyRotation : public testing::Test {
protected:
    ProxyRotation() { use({"http://a:1", "http://b:1", "http://c:1"}); }

    void use(const std::vector<std::string>& urls)
    {
        std::vector<listed_proxy> proxies;
        for (const auto& url : urls)
            proxies.push_back({proxy_url::parse(url).value(), url});
        rotation_.replace(std::move(proxies));
    }

    route choose() { return rotation_.choose(now_); }

    /// The names of those that the next `count` deliveries go through.
    std::string turns(std::size_t count)
    {
        std::string names;
        while (count-- > 0)
            names += choose().through()->url().address().substr(7, 1);
        return names;
    }

    /// The next delivery that `name` is chosen for, whose turn comes.
    route choose(const std::string& name)
    {
        for (int count = 0; count < 10; ++count)
            if (auto way = choose(); way.through()->url().address().substr(7, 1) == name)
                return way;
        throw std::logic_error("it is never the turn of " + name);
    }

    void fail(const route& way) { way.failed("test", now_); }

    /// For how long the proxy of `way` is not used from now on, while others are.
    std::chrono::seconds rest_of(const route& way)
    {
        return std::chrono::duration_cast<std::chrono::seconds>(way.through()->rests_until() - now_);
    }

    proxy_rotation rotation_;
    route::clock::time_point now_{1'000'000s};
};

TEST_F(ProxyRotation, WithoutProxiesGoesDirectly)
{
    rotation_.replace({});
    const auto way = choose();
    EXPECT_TRUE(way.is_chosen());
    EXPECT_EQ(way.through(), nullptr);
    EXPECT_FALSE(rotation_.choose_other(way, now_));
    fail(way);
    EXPECT_FALSE(way.has_failed());
}

TEST_F(ProxyRotation, TakesThemInTurn)
{
    EXPECT_EQ(turns(7), "abcabca");
}

TEST_F(ProxyRotation, LeavesOutOneThatRestsUntilItsRestIsOver)
{
    fail(choose("b"));
    now_ += 10s - 1ns;
    EXPECT_EQ(turns(4), "caca");
    now_ += 1ns;
    EXPECT_EQ(turns(4), "bcab");
}

TEST_F(ProxyRotation, DoublesTheRestUpToTenMinutesAndForgetsItAfterASuccess)
{
    for (const auto expected : {10s, 20s, 40s, 80s, 160s, 320s, 600s, 600s, 600s}) {
        const auto way = choose("a");
        fail(way);
        EXPECT_EQ(rest_of(way), expected);
        now_ += expected;
    }
    choose("a").worked();
    const auto way = choose("a");
    fail(way);
    EXPECT_EQ(rest_of(way), 10s);
}

TEST_F(ProxyRotation, CountsWhatFailsTogetherOnce)
{
    const auto first = choose("a");
    const auto second = choose("a");
    fail(first);
    now_ += 5s;
    fail(second);
    EXPECT_EQ(rest_of(second), 5s);
    now_ += 5s;
    fail(choose("a"));
    EXPECT_EQ(rest_of(first), 20s);
}

TEST_F(ProxyRotation, ASuccessThatBeganBeforeTheFailureDoesNotEndTheRest)
{
    const auto before = choose("a");
    now_ += 1s;
    fail(choose("a"));
    before.worked();
    EXPECT_EQ(rest_of(before), 10s);
}

TEST_F(ProxyRotation, WhereAllRestTheOneIsUsedWhoseRestEndsFirst)
{
    for (const auto* name : {"b", "c", "a"}) {
        fail(choose(name));
        now_ += 1s;
    }
    EXPECT_EQ(turns(3), "bbb");
    choose("b").worked(); // and rests no longer
    EXPECT_LE(choose("b").through()->rests_until(), now_);
    EXPECT_EQ(turns(2), "bb");
}

TEST_F(ProxyRotation, AnotherOneIsNeverTheSame)
{
    const auto a = choose("a");
    for (int count = 0; count < 4; ++count)
        EXPECT_NE(rotation_.choose_other(a, now_)->through(), a.through());
    fail(choose("b"));
    fail(choose("c"));
    EXPECT_NE(rotation_.choose_other(a, now_)->through(), a.through()) << "although all others rest";
    use({"http://a:1"});
    EXPECT_FALSE(rotation_.choose_other(a, now_));
}

TEST_F(ProxyRotation, ARouteKnowsWhetherItsProxyHasFailedSinceItWasChosen)
{
    const auto before = choose("a");
    now_ += 1s;
    fail(choose("a"));
    now_ += 1s;
    const auto after = choose("b");
    EXPECT_TRUE(before.has_failed());
    EXPECT_FALSE(after.has_failed());
}

TEST_F(ProxyRotation, ANewListKeepsWhatIsKnownAndLeavesRoutesValid)
{
    const auto a = choose("a");
    fail(a);
    const auto c = choose("c");
    use({"http://d:1", "http://a:1"});
    EXPECT_EQ(turns(3), "ddd");
    EXPECT_EQ(c.through()->url().text(), "http://c:1");
    now_ += 10s;
    EXPECT_THAT(turns(2), testing::HasSubstr("a"));
    const auto again = choose("a");
    fail(again);
    EXPECT_EQ(rest_of(again), 20s);
}

} // namespace
} // namespace ttsave::net
