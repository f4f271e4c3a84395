// Contract, "The request body of download", "Accepted `url`s": which texts hold a link to a post, and which one it is.

#include "extraction/post_url.hpp"

#include <gmock/gmock.h>

#include <utility>
#include <vector>

namespace ttsave::extraction {
namespace {

using pair = std::pair<std::string, std::string>;

const std::string id = "7312345678901234567";
const std::string page = "https://www.tiktok.com/@some.user/video/" + id;
const std::string anonymous_page = "https://www.tiktok.com/@_/video/" + id;

/// The address that would be asked, or "refused".
std::string address_of(const std::optional<post_link>& link)
{
    if (!link)
        return "refused";
    if (const auto* const post = std::get_if<post_ref>(&*link))
        return post->page_url();
    return std::get<short_link>(*link).url();
}

TEST(PostUrl, AcceptsEveryFormOfAPostOnEveryHost)
{
    for (const std::string host :
         {"www.tiktok.com", "m.tiktok.com", "tiktok.com", "www.tiktokv.com", "m.tiktokv.com", "tiktokv.com"})
        for (const auto& [path, expected] :
             {pair{"/@some.user/video/" + id, page}, pair{"/@some.user/photo/" + id, page},
              pair{"/@/video/" + id, anonymous_page}, pair{"/@/photo/" + id, anonymous_page},
              pair{"/video/" + id, anonymous_page}, pair{"/embed/" + id, anonymous_page},
              pair{"/embed/v2/" + id, anonymous_page}, pair{"/v/" + id + ".html", anonymous_page},
              pair{"/share/video/" + id, anonymous_page}, pair{"/t/ZTabc123", "https://www.tiktok.com/t/ZTabc123"}}) {
            EXPECT_EQ(address_of(parse_post_link("https://" + host + path)), expected) << host << path;
            EXPECT_EQ(address_of(parse_post_link(host + path)), expected) << host << path;
        }
}

TEST(PostUrl, AcceptsShortLinks)
{
    EXPECT_EQ(address_of(parse_post_link("https://vm.tiktok.com/ZMabc123")), "https://vm.tiktok.com/ZMabc123");
    EXPECT_EQ(address_of(parse_post_link("https://vt.tiktok.com/ZS_a-c")), "https://vt.tiktok.com/ZS_a-c");
    EXPECT_EQ(address_of(parse_post_link("vm.tiktok.com/ZMabc123/")), "https://vm.tiktok.com/ZMabc123");
}

TEST(PostUrl, KeepsWhatDistinguishesPostsAndDropsTheRest)
{
    const auto link = parse_post_link("http://m.tiktok.com/@some.user/photo/" + id + "/?lang=ru#x");
    ASSERT_TRUE(link && std::holds_alternative<post_ref>(*link));
    EXPECT_EQ(std::get<post_ref>(*link).id, id);
    EXPECT_EQ(std::get<post_ref>(*link).user, "some.user");
    const auto code = parse_post_link("http://VT.tiktok.com/ZSaBc/?k=1");
    ASSERT_TRUE(code && std::holds_alternative<short_link>(*code));
    EXPECT_EQ(std::get<short_link>(*code).host, "vt.tiktok.com");
    EXPECT_EQ(std::get<short_link>(*code).path, "/ZSaBc");
}

TEST(PostUrl, UpgradesAndCompletesTheScheme)
{
    const std::string rest = "www.tiktok.com/@some.user/video/" + id;
    for (const std::string scheme : {"", "http://", "https://", "HTTP://", "HttpS://"})
        EXPECT_EQ(address_of(find_post_link(scheme + rest)), page) << scheme;
    for (const std::string host : {"WWW.TIKTOK.COM", "Www.TikTok.com", "M.tiktok.Com", "TIKTOKV.com"})
        EXPECT_EQ(address_of(find_post_link("https://" + host + "/@some.user/video/" + id)), page) << host;
}

TEST(PostUrl, AcceptsTheUsualPorts)
{
    for (const std::string origin : {"https://www.tiktok.com:443", "http://www.tiktok.com:80",
                                     "https://www.tiktok.com:80", "http://www.tiktok.com:443", "www.tiktok.com:443"})
        EXPECT_EQ(address_of(find_post_link(origin + "/@some.user/video/" + id)), page) << origin;
}

TEST(PostUrl, AcceptsAnyQueryAndFragment)
{
    for (const std::string rest :
         {"/", "?", "#", "/?", "/?#", "?is_from_webapp=1&sender_device=pc", "?u=https://example.com/@x/video/1",
          "?u=https%3A%2F%2Fexample.com%2F", "?a=user@host:8080", "#comments", "?a#b?c", "#https://example.com/",
          "?a=100%&b=%zz", "#100%", "?x=[1]|\"2\"\\{3}^`", "?q=видео", "#a#b", "?a=';!*,()~$"})
        EXPECT_EQ(address_of(find_post_link(page + rest)), page) << rest;
    EXPECT_EQ(address_of(find_post_link("https://vm.tiktok.com/ZMabc?a=100%")), "https://vm.tiktok.com/ZMabc");
}

TEST(PostUrl, AcceptsWhatUsersAndIdsMayBe)
{
    for (const std::string user : {"a", "some.user", "some_user-1", "SOME", "123"})
        EXPECT_EQ(address_of(parse_post_link("https://www.tiktok.com/@" + user + "/video/1")),
                  "https://www.tiktok.com/@" + user + "/video/1");
    const std::string longest(20, '9');
    EXPECT_EQ(address_of(parse_post_link("https://www.tiktok.com/video/" + longest)),
              "https://www.tiktok.com/@_/video/" + longest);
}

/// What people and phones put around a link.
const std::vector<pair> surroundings{
    {"", ""},
    {" \t\r\n ", "\n "},
    {"\302\240", "\302\240"},         // no-break space
    {"\343\200\200", "\343\200\200"}, // ideographic space
    {"\342\200\213", "\342\200\213"}, // zero-width space
    {"\357\273\277", ""},             // byte order mark
    {"Look at this! ", " #fun"},
    {"Посмотри это видео: ", " — огонь"},
    {"看看这个视频！", "，太好笑了。"},
    {"この動画「", "」すごい"},
    {"これ見て→", "。面白い"},
    {"이 영상 봐 ", "、ㅋㅋ"},
    {"انظر إلى هذا ", "؟"},
    {"ดูวิดีโอนี้", "สนุกมาก"},
    {"\U0001f602", "\U0001f602"},
    {"line one\n", "\r\nline three"},
    {"", "\\nline two"}, // escaped once too often
    {"(", ")"},
    {"[", "]."},
    {"{", "}"},
    {"<", ">"},
    {"\"", "\","},
    {"«", "»"},
    {"“", "”"},
    {"`", "`"},
    {"|", "|"},
    {"[video](", ")"},
    {"<a href=\"", "\">video</a>"},
    {"", "."},
    {"", ","},
    {"", "!"},
    {"", ":"},
    {"", "?!"},
    {"", "..."},
    {"", "…"},
    {"", "；"},
    {"https://example.com/ and ", " and https://example.com/video/1"},
    {"https://www.tiktok.com/@some.user ", ""},
    {"", " https://vm.tiktok.com/second"},
    {"", "\nhttps://www.tiktok.com/@other/video/1"},
    {"", ", vt.tiktok.com/second"},
    {"", "，https://vm.tiktok.com/second"},
};

void expect_found(const std::string& link, const std::string& expected, const std::vector<pair>& around)
{
    for (const auto& [before, after] : around) {
        const std::string text = before + link + after;
        EXPECT_EQ(address_of(find_post_link(text)), expected) << text;
    }
}

TEST(PostUrl, FindsTheFirstLinkWhateverStandsAroundIt)
{
    expect_found("https://vm.tiktok.com/ZMabc/", "https://vm.tiktok.com/ZMabc", surroundings);
    expect_found("http://vt.tiktok.com/ZSabc", "https://vt.tiktok.com/ZSabc", surroundings);
    expect_found(page, page, surroundings);
    expect_found(page + "?is_from_webapp=1&lang=ru", page, surroundings);
    expect_found("https://m.tiktok.com/v/" + id + ".html", anonymous_page, surroundings);
    expect_found("vm.tiktok.com/ZMabc", "https://vm.tiktok.com/ZMabc", surroundings);
    expect_found("tiktok.com/@some.user/video/" + id, page, surroundings);
}

TEST(PostUrl, FindsALinkBehindALabelInQuotesOrEmphasised)
{
    const std::vector<pair> marks{{"'", "'"}, {"*", "*"}, {"~~", "~~"}, {"**", "**."}};
    expect_found("https://vm.tiktok.com/ZMabc", "https://vm.tiktok.com/ZMabc", marks);
    expect_found("vm.tiktok.com/ZMabc", "https://vm.tiktok.com/ZMabc", marks);
    expect_found("https://vm.tiktok.com/ZMabc", "https://vm.tiktok.com/ZMabc",
                 {{"Link:", ""}, {"Видео:", "!"}, {"-->", ""}});
}

TEST(PostUrl, FindsALinkAtTheEndOfALongText)
{
    std::string text;
    while (text.size() < 60'000)
        text += "https://example.com/@some.user/video/" + id + " слова, ";
    EXPECT_EQ(address_of(find_post_link(text + page)), page);
    EXPECT_EQ(address_of(find_post_link(text)), "refused");
}

} // namespace
} // namespace ttsave::extraction
