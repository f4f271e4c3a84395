// core/random_token.hpp: request ids, boundaries and credentials that nobody guesses and everybody can quote.

#include "core/random_token.hpp"

#include <gmock/gmock.h>

#include <set>

namespace ttsave {
namespace {

TEST(RandomToken, IsTwoLowerCaseHexadecimalDigitsAByte)
{
    for (const std::size_t bytes : {0, 1, 6, 16, 300}) {
        const auto token = random_token(bytes);
        EXPECT_EQ(token.size(), 2 * bytes);
        EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos) << token;
    }
}

TEST(RandomToken, UsesEveryDigitInBothPlacesOfAByte)
{
    // 2,048 digits each: one of the sixteen is missing with a probability below 1e-56.
    std::set<char> first;
    std::set<char> second;
    const auto token = random_token(2048);
    for (std::size_t index = 0; index < token.size(); ++index)
        (index % 2 == 0 ? first : second).insert(token[index]);
    EXPECT_EQ(first.size(), 16u);
    EXPECT_EQ(second.size(), 16u);
}

TEST(RandomToken, DoesNotRepeat)
{
    std::set<std::string> tokens;
    for (int count = 0; count < 1000; ++count)
        EXPECT_TRUE(tokens.insert(random_token(16)).second);
}

} // namespace
} // namespace ttsave
