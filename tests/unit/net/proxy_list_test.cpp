// The file of proxies: a URL a line, every wrong line told, no password repeated.

#include "net/proxy_list.hpp"

#include "builders.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace ttsave::net {
namespace {

std::vector<std::string> urls_of(std::string_view text)
{
    std::vector<std::string> urls;
    const auto proxies = parse_proxies(text);
    EXPECT_TRUE(proxies);
    for (const auto& each : *proxies)
        urls.push_back(each.url.text());
    return urls;
}

std::string problem_of(std::string_view text)
{
    const auto proxies = parse_proxies(text);
    return proxies ? "none" : proxies.error();
}

TEST(ProxyList, TakesAUrlALine)
{
    EXPECT_THAT(urls_of("http://a:1\nhttps://u:p@b:2\nsocks5://[::1]:3"),
                testing::ElementsAre("http://a:1", "https://u:p@b:2", "socks5://[::1]:3"));
}

TEST(ProxyList, LeavesOutCommentsAndWhatIsWhite)
{
    EXPECT_THAT(
        urls_of("# mine\n\n  \t\r\n http://a:1 \t# the first\r\n\t# http://b:2\n#http://c:3\nhttp://u:x%23y@d:4/#z\n"),
        testing::ElementsAre("http://a:1", "http://u:x%23y@d:4/#z"));
}

TEST(ProxyList, NamesProxiesByTheirLineAndWithoutCredentials)
{
    const auto proxies = parse_proxies("# mine\nhttp://user:secret@gate.example:7000/?key=hidden\n");
    ASSERT_TRUE(proxies);
    EXPECT_EQ(proxies->front().name, "http://gate.example:7000 (line 2)");
    EXPECT_EQ(proxies->front().url.address(), "http://gate.example:7000");
}

TEST(ProxyList, TellsEveryWrongLineAndRepeatsNone)
{
    const std::string text = "http://good:1\nftp://user:secret@a:1\ngarbage-secret\n\nhttp://user:secret@b:x\n"
                             "http://good:1 # again\nhttp://secret a:1";
    const auto problem = problem_of(text);
    for (const auto* line : {"line 2: must be a URL", "line 3: must be a URL", "line 5: must be a URL",
                             "line 6: stands in line 1 already", "line 7: must be a URL"})
        EXPECT_THAT(problem, testing::HasSubstr(line));
    EXPECT_THAT(problem, testing::Not(testing::HasSubstr("line 1:")));
    EXPECT_THAT(problem, testing::Not(testing::HasSubstr("line 4")));
    EXPECT_THAT(problem, testing::Not(testing::HasSubstr("secret")));
}

TEST(ProxyList, IsNotEmptyAndNotEndless)
{
    for (const auto* text : {"", "\n", "# none\n \n"})
        EXPECT_EQ(problem_of(text), "names no proxy");
    std::string many;
    for (std::size_t count = 0; count < most_proxies; ++count)
        many += "http://p:" + std::to_string(count + 1) + '\n';
    EXPECT_EQ(urls_of(many).size(), most_proxies);
    EXPECT_EQ(problem_of(many + "http://one.more:1"), "names more than 1000 proxies");
}

TEST(ProxyList, IsReadFromAFile)
{
    const test::temporary_directory home;
    const std::string path = home.path() / "proxies.txt";
    EXPECT_THAT(read_proxies(path).error(), testing::StartsWith(path + " cannot be read"));
    std::ofstream(path) << "http://a:1\n";
    EXPECT_EQ(read_proxies(path)->size(), 1u);
    std::ofstream(path) << "http://a:1\nx\n";
    EXPECT_THAT(read_proxies(path).error(), testing::StartsWith(path + " line 2: "));
    std::ofstream(path) << std::string(1024 * 1024 + 1, '\n');
    EXPECT_EQ(read_proxies(path).error(), path + " is over 1048576 bytes");
    EXPECT_THAT(read_proxies(home.path()).error(), testing::HasSubstr(" cannot be read"));
}

} // namespace
} // namespace ttsave::net
