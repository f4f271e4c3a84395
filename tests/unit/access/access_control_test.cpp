// Issue 6, "Keys" and "Rate limits": who is admitted, and by what each is counted.

#include "access/access_control.hpp"

#include "access/key_file.hpp"

#include <gmock/gmock.h>

namespace ttsave::access {
namespace {

using boost::asio::ip::make_address;

key_ring ring(std::string_view keys)
{
    return key_ring(*parse_keys(R"({"keys":[)" + std::string(keys) + "]}"));
}

visitor from(const std::string& address, std::vector<std::string> secrets = {})
{
    return {make_address(address), std::move(secrets)};
}

TEST(AccessControl, WithoutKeysAdmitsEverybody)
{
    access_control access({});
    const auto judged = access.judge(from("192.0.2.1", {"anything"}));
    EXPECT_EQ(judged.made, decision::admitted);
    EXPECT_EQ(judged.key_name, "");
    EXPECT_EQ(judged.rate, std::nullopt);
}

TEST(AccessControl, WithKeysAdmitsWhoShowsOne)
{
    access_control access({});
    access.require(ring(R"({"name":"bot","key":"one"},{"name":"app","key":"two"})"));
    EXPECT_EQ(access.judge(from("192.0.2.1")).made, decision::not_authenticated);
    EXPECT_EQ(access.judge(from("192.0.2.1", {"three"})).made, decision::not_authenticated);
    const auto judged = access.judge(from("192.0.2.1", {"three", "two"}));
    EXPECT_EQ(judged.made, decision::admitted);
    EXPECT_EQ(judged.key_name, "app");
    access.require(ring(""));
    EXPECT_EQ(access.judge(from("192.0.2.1", {"two"})).made, decision::not_authenticated) << "no keys, nobody";
}

TEST(AccessControl, TakesAKeyFromItsNetworksOnly)
{
    access_control access({});
    access.require(ring(R"({"name":"bot","key":"one","allowed_networks":["10.0.0.0/8","2001:db8::/32"]})"));
    for (const auto* allowed : {"10.1.2.3", "::ffff:10.1.2.3", "2001:db8:1::1"})
        EXPECT_EQ(access.judge(from(allowed, {"one"})).made, decision::admitted) << allowed;
    for (const auto* refused : {"11.1.2.3", "127.0.0.1", "2001:db9::1", "::1"})
        EXPECT_EQ(access.judge(from(refused, {"one"})).made, decision::not_authenticated) << refused;
}

TEST(AccessControl, CanLimitAnewWhileItWorks)
{
    access_control access({0, 100});
    const auto first = access.judge(from("192.0.2.1"));
    const auto second = access.judge(from("192.0.2.1"));
    EXPECT_EQ(second.rate, std::nullopt);
    access.limit({0, 1});
    EXPECT_EQ(access.judge(from("192.0.2.1")).made, decision::too_many_deliveries);
    access.limit({2, 3});
    const auto third = access.judge(from("192.0.2.1"));
    EXPECT_EQ(third.made, decision::admitted);
    EXPECT_EQ(third.rate->limit, 2u);
    EXPECT_EQ(access.judge(from("192.0.2.1")).made, decision::too_many_deliveries);
    EXPECT_EQ(access.judge(from("192.0.2.1")).made, decision::rate_exceeded);
}

TEST(AccessControl, CountsByKeyElseByAddress)
{
    access_control access({2, 100});
    access.require(ring(R"({"name":"bot","key":"one"},{"name":"app","key":"two","rate_limit_per_min":3},
                           {"name":"free","key":"three","rate_limit_per_min":0})"));
    const auto admitted = [&access](const visitor& who) {
        int count = 0;
        for (int number = 0; number < 5; ++number)
            count += access.judge(who).made == decision::admitted ? 1 : 0;
        return count;
    };
    EXPECT_EQ(admitted(from("192.0.2.1", {"one"})), 2);
    EXPECT_EQ(admitted(from("192.0.2.2", {"one"})), 0) << "the same key";
    EXPECT_EQ(admitted(from("192.0.2.1", {"two"})), 3);
    EXPECT_EQ(admitted(from("192.0.2.1", {"three"})), 5);
}

TEST(AccessControl, CountsWhoeverGuesses)
{
    access_control access({2, 100});
    access.require(ring(R"({"name":"bot","key":"one"})"));
    const auto guess = from("192.0.2.1", {"guess"});
    EXPECT_EQ(access.judge(guess).made, decision::not_authenticated);
    EXPECT_EQ(access.judge(guess).made, decision::not_authenticated);
    EXPECT_EQ(access.judge(guess).made, decision::rate_exceeded);
    EXPECT_EQ(access.judge(from("192.0.2.1", {"one"})).made, decision::admitted) << "a key counts for itself";
}

TEST(AccessControl, CountsIpv6ByWhatACustomerHas)
{
    access_control access({1, 100});
    EXPECT_EQ(access.judge(from("2001:db8:0:1::1")).made, decision::admitted);
    EXPECT_EQ(access.judge(from("2001:db8:0:1:ffff::2")).made, decision::rate_exceeded);
    EXPECT_EQ(access.judge(from("2001:db8:0:2::1")).made, decision::admitted);
    EXPECT_EQ(access.judge(from("192.0.2.1")).made, decision::admitted);
    EXPECT_EQ(access.judge(from("192.0.2.2")).made, decision::admitted) << "IPv4 by the address";
}

TEST(AccessControl, LimitsDeliveriesAtATime)
{
    access_control access({0, 2});
    auto first = access.judge(from("192.0.2.1"));
    const auto second = access.judge(from("192.0.2.1"));
    EXPECT_EQ(second.made, decision::admitted);
    EXPECT_EQ(access.judge(from("192.0.2.1")).made, decision::too_many_deliveries);
    EXPECT_EQ(access.judge(from("192.0.2.2")).made, decision::admitted);
    first.delivery.reset();
    EXPECT_EQ(access.judge(from("192.0.2.1")).made, decision::admitted);
}

TEST(AccessControl, WhoeverHasAKeyMayLookAsOftenAsHeLikes)
{
    access_control access({1, 1});
    EXPECT_EQ(access.judge_look(from("192.0.2.1")).made, decision::admitted) << "there are no keys";
    access.require(ring(R"({"name":"bot","key":"one"})"));
    for (int i = 0; i < 5; ++i) {
        const auto judged = access.judge_look(from("192.0.2.1", {"one"}));
        EXPECT_EQ(judged.made, decision::admitted);
        EXPECT_EQ(judged.key_name, "bot");
    }
    EXPECT_EQ(access.judge(from("192.0.2.1", {"one"})).made, decision::admitted) << "looks have not been counted";
}

TEST(AccessControl, WhoeverLooksForAKeyIsLimited)
{
    access_control access({1, 1});
    access.require(ring(R"({"name":"bot","key":"one"})"));
    EXPECT_EQ(access.judge_look(from("192.0.2.1", {"two"})).made, decision::not_authenticated);
    EXPECT_EQ(access.judge_look(from("192.0.2.1", {"three"})).made, decision::rate_exceeded);
    EXPECT_EQ(access.judge(from("192.0.2.1", {"four"})).made, decision::rate_exceeded) << "wherever he tries";
    EXPECT_EQ(access.judge_look(from("192.0.2.1", {"one"})).made, decision::admitted);
}

} // namespace
} // namespace ttsave::access
