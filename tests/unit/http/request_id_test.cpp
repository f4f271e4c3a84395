#include "http/request_id.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ttsave::http {
namespace {

TEST(RequestId, IsOneOfItsOwnKindAndNew)
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto made = request_id();
        EXPECT_TRUE(is_request_id(made)) << made;
        EXPECT_TRUE(seen.insert(made).second) << made;
    }
}

TEST(RequestId, OfOthersIsOneWord)
{
    EXPECT_TRUE(is_request_id("a"));
    EXPECT_TRUE(is_request_id("7F3c_1.b-Z"));
    EXPECT_TRUE(is_request_id(std::string(64, 'x')));
    EXPECT_FALSE(is_request_id(std::string(65, 'x')));
    EXPECT_FALSE(is_request_id(""));
    for (int c = 0; c < 256; ++c) {
        const char byte = static_cast<char>(c);
        const bool is_word =
            std::string("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-").find(byte) !=
            std::string::npos;
        EXPECT_EQ(is_request_id(std::string{'a', byte}), is_word) << c;
    }
}

} // namespace
} // namespace ttsave::http
