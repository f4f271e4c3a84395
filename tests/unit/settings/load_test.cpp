// Issue 2, "Settings": one table, from the command line, the environment and a file, in this order.

#include "settings/load.hpp"

#include "builders.hpp"
#include "settings/shown.hpp"
#include "settings/table.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace ttsave::settings {
namespace {

using texts = std::vector<std::string>;

const std::map<std::string, std::string> defaults{
    {"address", "0.0.0.0"},
    {"port", "4347"},
    {"base_path", "/api/v3"},
    {"threads", "0"},
    {"cache_dir", "/var/tmp/ttsave"},
    {"cache_max_bytes", "2147483648"},
    {"cache_ttl_s", "3600"},
    {"negative_ttl_s", "30"},
    {"max_spool_bytes", "8589934592"},
    {"workers", "2"},
    {"max_workers", "12"},
    {"worker_max_jobs", "1000"},
    {"worker_max_rss_bytes", "536870912"},
    {"python", "/usr/bin/python3"},
    {"extractor_dir", ""},
    {"extractor_path", ""},
    {"canary_urls", ""},
    {"canary_interval_s", "3600"},
    {"proxy", ""},
    {"proxies_file", ""},
    {"ca_file", ""},
    {"cookies_file", ""},
    {"user_agent", ""},
    {"extractor_args", ""},
    {"resolve_timeout_s", "30"},
    {"stall_timeout_s", "20"},
    {"max_file_bytes", "2147483648"},
    {"parallel_fetches", "8"},
    {"ffmpeg", "/usr/bin/ffmpeg"},
    {"slideshow_jobs", "2"},
    {"slideshow_background", "blur"},
    {"photo_min_s", "3"},
    {"photo_max_s", "10"},
    {"max_clients", "1000"},
    {"max_deliveries", "100"},
    {"queue_limit", "100"},
    {"web_ui", "true"},
    {"api_keys_file", ""},
    {"rate_limit_per_min", "0"},
    {"max_deliveries_per_client", "100"},
    {"trusted_proxies", ""},
    {"shutdown_grace_s", "30"},
    {"log_level", "info"},
    {"log_format", "text"},
};

class SettingsLoad : public testing::Test {
protected:
    /// The path of a file with `content`.
    std::string file(const std::string& content, const std::string& name = "ttsave.conf")
    {
        const auto path = home_.path() / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    const test::temporary_directory home_;
};

std::string value_of(const loaded& found, const std::string& key)
{
    EXPECT_THAT(found.problems, testing::IsEmpty());
    return shown(found.values).at(key);
}

TEST_F(SettingsLoad, HasADefaultForEverySetting)
{
    const auto found = load({}, {});
    EXPECT_THAT(found.problems, testing::IsEmpty());
    EXPECT_EQ(found.wanted, task::serve);
    EXPECT_EQ(shown(found.values), defaults);
}

TEST_F(SettingsLoad, TakesEverySettingFromEverySource)
{
    const std::string pem = file("", "file.pem");
    const std::map<std::string, std::string> others{
        {"address", "::1"},
        {"port", "0"},
        {"base_path", "/x"},
        {"threads", "3"},
        {"cache_dir", "/tmp/x y"},
        {"workers", "5"},
        {"python", "python3"},
        {"extractor_dir", "/opt/x"},
        {"extractor_path", "/opt/y"},
        {"canary_urls", "https://www.tiktok.com/@a/video/1 vm.tiktok.com/b"},
        {"canary_interval_s", "23"},
        {"proxy", "socks5://p:1080"},
        {"proxies_file", pem},
        {"ca_file", pem},
        {"cookies_file", pem},
        {"user_agent", "Agent/1 (x; y)"},
        {"extractor_args", "tiktok:a=b;c=d"},
        {"resolve_timeout_s", "7"},
        {"stall_timeout_s", "8"},
        {"max_file_bytes", "9"},
        {"max_deliveries", "10"},
        {"queue_limit", "11"},
        {"parallel_fetches", "13"},
        {"ffmpeg", "ffmpeg"},
        {"slideshow_jobs", "14"},
        {"slideshow_background", "black"},
        {"photo_min_s", "2"},
        {"photo_max_s", "15"},
        {"web_ui", "false"},
        {"api_keys_file", pem},
        {"rate_limit_per_min", "3"},
        {"max_deliveries_per_client", "4"},
        {"trusted_proxies", "10.0.0.0/8"},
        {"shutdown_grace_s", "12"},
        {"log_level", "debug"},
        {"cache_max_bytes", "16"},
        {"cache_ttl_s", "17"},
        {"negative_ttl_s", "18"},
        {"max_spool_bytes", "19"},
        {"worker_max_jobs", "20"},
        {"worker_max_rss_bytes", "67108865"},
        {"max_clients", "21"},
        {"log_format", "json"},
        {"max_workers", "22"},
    };
    ASSERT_EQ(others.size(), table().size());
    for (const auto& [key, text] : others) {
        EXPECT_EQ(value_of(load({"--" + option_name(key), text}, {}), key), text);
        EXPECT_EQ(value_of(load({"--" + option_name(key) + '=' + text}, {}), key), text);
        EXPECT_EQ(value_of(load({}, {environment_name(key) + '=' + text}), key), text);
        EXPECT_EQ(value_of(load({"--config", file(key + " = " + text + '\n')}, {}), key), text);
        EXPECT_EQ(value_of(load({}, {"TTSAVE_CONFIG=" + file(key + '=' + text)}), key), text);
    }
}

TEST_F(SettingsLoad, NamesSettingsByTheRules)
{
    EXPECT_EQ(option_name("max_file_bytes"), "max-file-bytes");
    EXPECT_EQ(environment_name("max_file_bytes"), "TTSAVE_MAX_FILE_BYTES");
}

TEST_F(SettingsLoad, CountsTheCommandLineBeforeTheEnvironmentBeforeTheFile)
{
    const texts none;
    const texts in_file{"--config", file("workers = 3")};
    const texts in_both{"--config", in_file[1], "--workers", "5"};
    const texts environment{"TTSAVE_WORKERS=4"};
    EXPECT_EQ(value_of(load(in_file, none), "workers"), "3");
    EXPECT_EQ(value_of(load(in_file, environment), "workers"), "4");
    EXPECT_EQ(value_of(load(in_both, none), "workers"), "5");
    EXPECT_EQ(value_of(load(in_both, environment), "workers"), "5");
    const auto mixed = load({"--config", file("workers = 3\nthreads = 6"), "--port", "1"}, {"TTSAVE_WORKERS=4"});
    EXPECT_EQ(value_of(mixed, "workers"), "4");
    EXPECT_EQ(value_of(mixed, "threads"), "6");
    EXPECT_EQ(value_of(mixed, "port"), "1");
    EXPECT_EQ(value_of(mixed, "queue_limit"), "100");
}

TEST_F(SettingsLoad, ReadsOneFileTheOneThatCountsFirst)
{
    const std::string first = file("workers = 3", "first");
    const std::string second = file("workers = 4\nthreads = 5", "second");
    const auto found = load({"--config", first}, {"TTSAVE_CONFIG=" + second});
    EXPECT_EQ(value_of(found, "workers"), "3");
    EXPECT_EQ(value_of(found, "threads"), "0");
}

TEST_F(SettingsLoad, LetsAnEmptyValueCountToo)
{
    const std::string proxied = file("proxy = http://proxy:3128");
    const texts in_environment{"TTSAVE_PROXY=http://proxy:3128"};
    EXPECT_EQ(value_of(load({"--config", proxied}, {"TTSAVE_PROXY="}), "proxy"), "");
    EXPECT_EQ(value_of(load({"--proxy", ""}, in_environment), "proxy"), "");
    EXPECT_EQ(value_of(load({"--proxy="}, in_environment), "proxy"), "");
    EXPECT_EQ(value_of(load({"--config", file("proxy =\n")}, {}), "proxy"), "");
}

TEST_F(SettingsLoad, KeepsAnEqualsSignAtTheEndOfAValue)
{
    const std::string text = "tiktok:device_id=";
    for (const texts& words : {texts{"--extractor-args=" + text}, texts{"--extractor-args", text},
                               texts{"--config", file("extractor_args=" + text)}})
        EXPECT_EQ(value_of(load(words, {}), "extractor_args"), text);
}

TEST_F(SettingsLoad, ReadsFilesAsPeopleWriteThem)
{
    const auto found = load(
        {"--config", file("# a comment\n\n  workers  =  3  \r\n\t# another\nport=1\r\nproxy = http://a:b@c:1/?d=e")},
        {});
    EXPECT_EQ(value_of(found, "workers"), "3");
    EXPECT_EQ(value_of(found, "port"), "1");
    EXPECT_EQ(value_of(found, "proxy"), "http://a:b@c:1/?d=e");
}

TEST_F(SettingsLoad, LeavesTheRestOfTheEnvironmentAlone)
{
    const auto found = load({}, {"PATH=/bin", "TTSAVEX=1", "ttsave_port=1", "XTTSAVE_PORT=1", "", "=", "TTSAVE"});
    EXPECT_THAT(found.problems, testing::IsEmpty());
    EXPECT_EQ(shown(found.values), defaults);
}

TEST_F(SettingsLoad, UnderstandsWhatIsWantedInsteadOfServing)
{
    EXPECT_EQ(load({"--help"}, {}).wanted, task::help);
    EXPECT_EQ(load({"--version"}, {}).wanted, task::version);
    EXPECT_EQ(load({"--print-config"}, {}).wanted, task::print_config);
    EXPECT_EQ(load({"--healthcheck"}, {}).wanted, task::healthcheck);
    const auto checked = load({"--port", "1", "--check-config", "--workers", "3"}, {});
    EXPECT_EQ(checked.wanted, task::check_config);
    EXPECT_EQ(value_of(checked, "workers"), "3");
}

TEST_F(SettingsLoad, HelpNamesEverySettingAndTask)
{
    const std::string text = help();
    for (const auto& setting : table())
        EXPECT_THAT(text, testing::HasSubstr("--" + option_name(setting.key) + " VALUE")) << setting.key;
    for (const auto* option : {"--config", "--help", "--version", "--check-config", "--print-config", "--healthcheck"})
        EXPECT_THAT(text, testing::HasSubstr(option));
}

TEST_F(SettingsLoad, ShipsTheExampleConfigurationThatItPrints)
{
    std::ifstream shipped(TTSAVE_EXAMPLE_CONFIG, std::ios::binary);
    ASSERT_TRUE(shipped) << TTSAVE_EXAMPLE_CONFIG;
    std::ostringstream content;
    content << shipped.rdbuf();
    EXPECT_EQ(content.str(), example_config());
}

TEST_F(SettingsLoad, ShowsTheDefaultsInTheExampleConfiguration)
{
    std::istringstream example(example_config());
    std::map<std::string, std::string> written;
    std::string uncommented;
    for (std::string line; std::getline(example, line);) {
        const auto equals = line.find(" =");
        if (!line.starts_with('#') || line.starts_with("# ") || equals == std::string::npos)
            continue;
        uncommented += line.substr(1) + '\n';
        written[line.substr(1, equals - 1)] = line.substr(std::min(equals + 3, line.size()));
    }
    EXPECT_EQ(written, defaults);
    const auto found = load({"--config", file(uncommented)}, {});
    EXPECT_THAT(found.problems, testing::IsEmpty());
    EXPECT_EQ(shown(found.values), defaults);
    EXPECT_EQ(shown(load({"--config", file(example_config())}, {}).values), defaults);
}

TEST_F(SettingsLoad, ExplainsEverySetting)
{
    for (const auto& setting : table()) {
        EXPECT_THAT(setting.sentence, testing::EndsWith(".")) << setting.key;
        EXPECT_NE(setting.bounds, "") << setting.key;
        EXPECT_THAT(example_config(),
                    testing::HasSubstr("\n# " + std::string(setting.sentence) + "\n# " + std::string(setting.bounds) +
                                       "\n#" + std::string(setting.key) + " ="));
    }
}

} // namespace
} // namespace ttsave::settings
