// Issue 2, "Settings": the bounds of every setting, just inside and just outside.

#include "settings/table.hpp"

#include "builders.hpp"
#include "settings/shown.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <set>

namespace ttsave::settings {
namespace {

const setting& named(std::string_view key)
{
    const auto found = std::find_if(table().begin(), table().end(), [key](const setting& s) { return s.key == key; });
    if (found == table().end())
        throw std::logic_error("no setting " + std::string(key));
    return *found;
}

void expect_accepted(std::string_view key, const std::string& text, const std::string& as)
{
    settings values;
    const auto problem = named(key).store(values, text);
    EXPECT_EQ(problem, std::nullopt) << key << " = " << text;
    EXPECT_EQ(shown(values).at(std::string(key)), as);
}

void expect_refused(std::string_view key, const std::string& text)
{
    settings values;
    const auto before = shown(values);
    const auto problem = named(key).store(values, text);
    EXPECT_TRUE(problem && problem->starts_with("must be ")) << key << " = " << text;
    EXPECT_EQ(shown(values), before) << key << " = " << text;
}

void expect_all(std::string_view key, std::initializer_list<std::string> accepted,
                std::initializer_list<std::string> refused)
{
    for (const auto& text : accepted)
        expect_accepted(key, text, text);
    for (const auto& text : refused)
        expect_refused(key, text);
}

struct range {
    std::string_view key;
    std::uint64_t least;
    std::uint64_t most;
};

constexpr range ranges[] = {
    {"port", 0, 65'535},
    {"threads", 0, 256},
    {"cache_max_bytes", 0, 1'125'899'906'842'624},
    {"cache_ttl_s", 0, 31'536'000},
    {"negative_ttl_s", 0, 86'400},
    {"max_spool_bytes", 1, 1'125'899'906'842'624},
    {"workers", 1, 64},
    {"max_workers", 1, 64},
    {"worker_max_jobs", 1, 1'000'000},
    {"worker_max_rss_bytes", 67'108'864, 1'099'511'627'776},
    {"resolve_timeout_s", 1, 600},
    {"stall_timeout_s", 1, 600},
    {"max_file_bytes", 1, 1'099'511'627'776},
    {"parallel_fetches", 1, 64},
    {"slideshow_jobs", 1, 64},
    {"photo_min_s", 1, 60},
    {"photo_max_s", 1, 60},
    {"max_clients", 1, 1'000'000},
    {"max_deliveries", 1, 100'000},
    {"queue_limit", 1, 100'000},
    {"rate_limit_per_min", 0, 1'000'000},
    {"max_deliveries_per_client", 1, 100'000},
    {"shutdown_grace_s", 0, 3600},
};

TEST(SettingsBounds, OfNumbers)
{
    for (const auto& [key, least, most] : ranges) {
        expect_accepted(key, std::to_string(least), std::to_string(least));
        expect_accepted(key, std::to_string(most), std::to_string(most));
        expect_accepted(key, "00" + std::to_string(least + 1), std::to_string(least + 1));
        expect_refused(key, least == 0 ? "-1" : std::to_string(least - 1));
        expect_refused(key, std::to_string(most + 1));
    }
}

TEST(SettingsBounds, OfWhatIsNoWholeNumber)
{
    for (const auto& [key, least, most] : ranges)
        for (const std::string text :
             {"", " ", "x", " 1", "1 ", "+1", "-1", "-0", "1.0", "1e1", "0x10", "1s", "1,000", "1_000", "١",
              "18446744073709551615", "18446744073709551616", "18446744073709551617", "NaN"})
            expect_refused(key, text);
}

TEST(SettingsBounds, AreToldWithTheProblem)
{
    for (const auto& [key, least, most] : ranges) {
        settings values;
        EXPECT_EQ(named(key).store(values, "x"),
                  "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        EXPECT_THAT(named(key).bounds, testing::EndsWith(std::to_string(least) + " to " + std::to_string(most)));
    }
}

TEST(SettingsBounds, OfAddress)
{
    expect_all("address", {"0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1", "fe80::1"},
               {"", "localhost", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.4:80", "[::1]", ":::", "*", " 127.0.0.1"});
}

TEST(SettingsBounds, OfBasePath)
{
    expect_all("base_path", {"", "/api/v3", "/a", "/A-Z_0.9~/x"},
               {"api", "api/v3", "/a b", "/a//b", "/%41", "/a?b", "/a#b", "/я", "/a\n", "http://host/a"});
    expect_accepted("base_path", "/", "");
    expect_accepted("base_path", "/api/v3/", "/api/v3");
}

TEST(SettingsBounds, OfDirectories)
{
    expect_all("cache_dir", {"/", "/var/tmp/x", "/with space/я"}, {"", ".", "relative/path", "~/x", " /x"});
    for (const char* key : {"extractor_dir", "extractor_path"})
        expect_all(key, {"", "/opt/x"}, {".", "relative/path", "~/x"});
}

TEST(SettingsBounds, OfPrograms)
{
    expect_all("python", {"python3", "/usr/bin/python3", "./python"}, {""});
    expect_all("ffmpeg", {"ffmpeg", "/usr/bin/ffmpeg", "./ffmpeg"}, {""});
}

TEST(SettingsBounds, OfProxy)
{
    expect_all("proxy",
               {"", "http://proxy", "http://proxy:3128", "https://user:secret@proxy:443/", "socks5://127.0.0.1:1080",
                "http://[::1]:3128"},
               {"proxy:3128", "proxy", "ftp://proxy", "socks4://proxy", "http://", "http://:3128", "http:proxy",
                "http://pro xy", "http://proxy:x", "file:///x", "//proxy"});
}

TEST(SettingsBounds, OfFilesThatMustExist)
{
    const test::temporary_directory home;
    const std::string there = home.path() / "file";
    std::ofstream(there) << "x";
    for (const auto* key : {"proxies_file", "ca_file", "cookies_file", "api_keys_file"})
        expect_all(key, {"", there},
                   {there + "x", there + "/x", home.path(), std::filesystem::relative(there), " " + there});
}

TEST(SettingsBounds, OfTrustedProxies)
{
    expect_accepted("trusted_proxies", "", "");
    expect_accepted("trusted_proxies", "10.0.0.1", "10.0.0.1/32");
    expect_accepted("trusted_proxies", "10.0.0.0/8, ::1 ,2001:db8::/32", "10.0.0.0/8,::1/128,2001:db8::/32");
    expect_all("trusted_proxies", {}, {"proxy", "10.0.0.1/8", "10.0.0.1,,::1", "10.0.0.1 ::1", "*", " ", ","});
}

TEST(SettingsBounds, OfUserAgent)
{
    expect_all("user_agent", {"", "a", "Mozilla/5.0 (X11; Linux x86_64) \"'~!", std::string(512, 'x')},
               {std::string(513, 'x'), "Agent\r\nX: y", "Agent\t1", "Agent\x7f", "Агент", " Agent", "Agent ", " "});
}

TEST(SettingsBounds, OfExtractorArguments)
{
    const std::string begin = "tiktok:a=";
    expect_all("extractor_args",
               {"", "tiktok:api_hostname=a.b", "TikTok:app-info=1/2,3/4;device_id=7", "tiktok:a=", "tiktok: a =b; c=d",
                "tiktok:a=b=c d:e\\,f", begin + std::string(4096 - begin.size(), 'x')},
               {begin + std::string(4097 - begin.size(), 'x'), "tiktok", "tiktok:", "tiktok:a", "tiktok:;",
                "tiktok:a=b;", "tiktok:a=b;;c=d", "tiktok:a=b;c", "tiktok:=b", "tiktok: =b", "tiktok:", "tiktok:a b=c",
                "tiktk:a=b", "youtube:a=b", "a=b", "tiktok a=b", " tiktok:a=b", "tiktok:a=\n", "tiktok:a=ы"});
}

TEST(SettingsBounds, OfTheCanary)
{
    expect_all("canary_interval_s", {"0", "10", "604800"}, {"", "1", "9", "604801", "-1", "1h", "10.0"});
    expect_all("canary_urls", {"", "one", "one two"}, {});
    expect_accepted("canary_urls", " one,two ,\tthree, ", "one two three");
    std::string links;
    for (int count = 0; count < 20; ++count)
        links += " link";
    expect_accepted("canary_urls", links, links.substr(1));
    expect_refused("canary_urls", links + " link");
}

TEST(SettingsBounds, OfChoices)
{
    expect_all("log_level", {"trace", "debug", "info", "warning", "error"},
               {"", "INFO", "warn", "critical", "off", "info "});
    expect_all("log_format", {"text", "json"}, {"", "JSON", "xml", "text,json"});
    expect_all("web_ui", {"true", "false"}, {"", "True", "yes", "1", "true "});
    expect_all("slideshow_background", {"blur", "black"}, {"", "Blur", "white"});
}

TEST(SettingsBounds, AreTestedForEverySetting)
{
    std::set<std::string_view> tested{
        "address",       "base_path",         "cache_dir",    "extractor_dir", "python",         "proxy",
        "ca_file",       "cookies_file",      "log_level",    "log_format",    "ffmpeg",         "slideshow_background",
        "api_keys_file", "trusted_proxies",   "proxies_file", "user_agent",    "extractor_args", "extractor_path",
        "canary_urls",   "canary_interval_s", "web_ui"};
    for (const auto& number : ranges)
        tested.insert(number.key);
    std::set<std::string_view> there;
    for (const auto& setting : table())
        EXPECT_TRUE(there.insert(setting.key).second) << setting.key << " stands in the table twice";
    EXPECT_EQ(there, tested);
}

} // namespace
} // namespace ttsave::settings
