// Contract, "The process": wrong settings are all listed, each with where it stands.

#include "settings/load.hpp"

#include "builders.hpp"
#include "settings/table.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace ttsave::settings {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;
using texts = std::vector<std::string>;

class SettingsMistakes : public testing::Test {
protected:
    texts problems_of_file(const std::string& content)
    {
        std::ofstream(path_, std::ios::binary) << content;
        return load({"--config", path_}, {}).problems;
    }

    const test::temporary_directory home_;
    const std::string path_ = home_.path() / "ttsave.conf";
};

TEST_F(SettingsMistakes, AreReportedAllAtOnceWithTheirOrigin)
{
    std::ofstream(path_) << "threads = 257\n# fine\nlog_level = loud\nnonsense = 1\nno equals sign\nworkers = 3\n";
    const auto found = load({"--config", path_, "--port", "65536", "--unknown", "1", "--cache-dir=here", "stray"},
                            {"TTSAVE_WORKERS=0", "TTSAVE_NOTHING=1", "TTSAVE_PROXY=ftp://host"});
    EXPECT_THAT(found.problems,
                UnorderedElementsAre(
                    "--port: port must be a whole number from 0 to 65535",
                    "--cache-dir: cache_dir must be an absolute path",
                    AllOf(StartsWith("command line: "), HasSubstr("--unknown")), StartsWith("command line: "),
                    "TTSAVE_WORKERS: workers must be a whole number from 1 to 64", HasSubstr("TTSAVE_NOTHING"),
                    AllOf(StartsWith("TTSAVE_PROXY: proxy must be "), HasSubstr("socks5://")),
                    path_ + " line 1: threads must be a whole number from 0 to 256",
                    path_ + " line 3: log_level must be one of trace, debug, info, warning, error",
                    AllOf(StartsWith(path_ + " line 4: "), HasSubstr("nonsense")), StartsWith(path_ + " line 5: ")));
}

TEST_F(SettingsMistakes, NameTheSettingInEverySource)
{
    for (const auto& setting : table()) {
        if (setting.key == "python" || setting.key == "ffmpeg" || setting.key == "user_agent" ||
            setting.key == "canary_urls")
            continue; // nearly any text is a program's name, or a browser's, or a list of words
        const std::string key(setting.key);
        const std::string wrong = "?";
        EXPECT_THAT(load({"--" + option_name(key), wrong}, {}).problems,
                    ElementsAre(StartsWith("--" + option_name(key) + ": " + key + " must be ")));
        EXPECT_THAT(load({}, {environment_name(key) + '=' + wrong}).problems,
                    ElementsAre(StartsWith(environment_name(key) + ": " + key + " must be ")));
        EXPECT_THAT(problems_of_file("\n" + key + " = " + wrong),
                    ElementsAre(StartsWith(path_ + " line 2: " + key + " must be ")));
    }
}

TEST_F(SettingsMistakes, UnknownNamesOnTheCommandLine)
{
    for (const std::string name : {"--unknown", "--por", "--PORT", "--max_file_bytes", "--no-port", "---port"})
        for (const auto& arguments : {texts{name, "1"}, texts{name + "=1"}, texts{name}})
            EXPECT_THAT(load(arguments, {}).problems, ElementsAre(StartsWith("command line: "))) << arguments[0];
    for (const std::string stray : {"x", "-p", "-", "-port=1", ""})
        EXPECT_THAT(load({stray}, {}).problems, ElementsAre(StartsWith("command line: "))) << stray;
    EXPECT_THAT(load({"--help=1"}, {}).problems, ElementsAre(StartsWith("command line: ")));
}

TEST_F(SettingsMistakes, UnknownNamesInTheEnvironment)
{
    for (const std::string name : {"TTSAVE_UNKNOWN", "TTSAVE_", "TTSAVE_port", "TTSAVE_Port", "TTSAVE_MAX-FILE-BYTES",
                                   "TTSAVE_PORT_", "TTSAVE_HELP", "TTSAVE_config"})
        EXPECT_THAT(load({}, {name + "=1"}).problems, ElementsAre(HasSubstr(name))) << name;
}

TEST_F(SettingsMistakes, UnknownNamesInTheFile)
{
    for (const std::string name :
         {"unknown", "PORT", "max-file-bytes", "TTSAVE_PORT", "--port", "por", "config", "help", "a.port", ""})
        EXPECT_THAT(problems_of_file("workers = 3\n" + name + " = 1\n"), ElementsAre(StartsWith(path_ + " line 2: ")))
            << name;
    for (const auto* line : {"port", "port: 1", "[section]", "[", "{\"port\": 1}", "\x01"})
        EXPECT_THAT(problems_of_file(line), ElementsAre(StartsWith(path_ + " line 1: "))) << line;
}

TEST_F(SettingsMistakes, MissingValues)
{
    for (const auto& setting : table()) {
        const std::string option = "--" + option_name(setting.key);
        EXPECT_THAT(load({option}, {}).problems, ElementsAre(AllOf(StartsWith("command line: "), HasSubstr(option))));
        const auto found = load({option, "--workers", "3"}, {});
        EXPECT_THAT(found.problems, ElementsAre(AllOf(StartsWith("command line: "), HasSubstr(option))));
        EXPECT_EQ(found.values.workers, 3u) << "the next option is not a value";
    }
    EXPECT_THAT(load({"--config"}, {}).problems, ElementsAre(HasSubstr("--config")));
}

TEST_F(SettingsMistakes, TheSameSettingTwiceInTheFile)
{
    EXPECT_THAT(problems_of_file("port = 1\nworkers = 3\nport = 2\n"),
                ElementsAre(AllOf(StartsWith(path_ + " line 3: "), HasSubstr("port"))));
}

TEST_F(SettingsMistakes, NamesThatMeanSomethingToTheLibrary)
{
    const std::string name = "max_%canonical_option%'s"; // a placeholder of its messages, which it filled in for ever
    EXPECT_THAT(problems_of_file(name + " = 1\nworkers = 3\n"),
                ElementsAre(AllOf(StartsWith(path_ + " line 1: "), HasSubstr(name))));
}

TEST_F(SettingsMistakes, AFileThatCannotBeRead)
{
    for (const std::string& path : {home_.path().string() + "/missing", home_.path().string()}) {
        EXPECT_THAT(load({"--config", path}, {}).problems, ElementsAre(AllOf(HasSubstr("config"), HasSubstr(path))));
        EXPECT_THAT(load({}, {"TTSAVE_CONFIG=" + path}).problems,
                    ElementsAre(AllOf(HasSubstr("config"), HasSubstr(path))));
    }
}

TEST_F(SettingsMistakes, LeaveTheOtherSettingsAsTheyAre)
{
    const auto found = load({"--port", "x", "--workers", "3"}, {"TTSAVE_THREADS=4"});
    EXPECT_EQ(found.problems.size(), 1u);
    EXPECT_EQ(found.values.workers, 3u);
    EXPECT_EQ(found.values.threads, 4u);
}

TEST_F(SettingsMistakes, DoNotRepeatThePasswordOfAProxy)
{
    const std::string proxy = "ftp://user:secret@proxy";
    std::ofstream(path_) << "proxy " << proxy << "\nproxy = " << proxy << '\n';
    for (const auto& arguments :
         {texts{"--proxy", proxy}, texts{"--proxy=" + proxy}, texts{"--prxy=" + proxy}, texts{"--prxy", proxy},
          texts{"--proxy", "http://proxy", proxy}, texts{"--config", path_}}) {
        const auto problems = load(arguments, {}).problems;
        EXPECT_THAT(problems, testing::Not(IsEmpty()));
        EXPECT_THAT(problems, testing::Each(testing::Not(HasSubstr("secret"))));
    }
    EXPECT_THAT(load({}, {"TTSAVE_PROXY=" + proxy, "TTSAVE_PRXY=" + proxy}).problems,
                testing::Each(testing::Not(HasSubstr("secret"))));
}

TEST_F(SettingsMistakes, KeepWhatIsWanted)
{
    const auto found = load({"--check-config", "--port", "x"}, {});
    EXPECT_EQ(found.wanted, task::check_config);
    EXPECT_EQ(found.problems.size(), 1u);
}

TEST_F(SettingsMistakes, AreFoundBetweenSettingsToo)
{
    EXPECT_THAT(load({"--photo-min-s", "11"}, {}).problems,
                testing::ElementsAre("photo_max_s must not be less than photo_min_s"));
    EXPECT_THAT(load({"--photo-min-s", "11", "--photo-max-s", "11"}, {}).problems, testing::IsEmpty());
}

} // namespace
} // namespace ttsave::settings
