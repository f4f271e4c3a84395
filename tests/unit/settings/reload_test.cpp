// Settings that are changed while the server runs.

#include "settings/reload.hpp"

#include "builders.hpp"
#include "settings/shown.hpp"
#include "settings/table.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace ttsave::settings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What the table says of each.
std::vector<std::string> keys_of(takes_effect when)
{
    std::vector<std::string> keys;
    for (const auto& setting : table())
        if (setting.when == when)
            keys.emplace_back(setting.key);
    return keys;
}

TEST(SettingsReload, ChangesNothingWhereNothingIsChanged)
{
    const auto before = load({"--workers", "3", "--queue-limit", "5"}, {});
    const auto after = reload(before, before);
    EXPECT_THAT(after.changed, IsEmpty());
    EXPECT_THAT(after.deferred, IsEmpty());
    EXPECT_EQ(shown(after.in_force.values), shown(before.values));
}

TEST(SettingsReload, TakesWhatCanChangeAndNamesWhatCannot)
{
    const auto before = load({"--workers", "3", "--queue-limit", "5", "--port", "1"}, {});
    const auto read = load({"--workers", "4", "--queue-limit", "6", "--port", "1", "--log-level", "debug"}, {});
    const auto after = reload(before, read);
    EXPECT_THAT(after.changed, ElementsAre("queue_limit", "log_level"));
    EXPECT_THAT(after.deferred, ElementsAre("workers"));
    EXPECT_EQ(after.in_force.values.queue_limit, 6u);
    EXPECT_EQ(after.in_force.values.log_level, "debug");
    EXPECT_EQ(after.in_force.values.workers, 3u);

    const auto again = reload(after.in_force, read);
    EXPECT_THAT(again.changed, IsEmpty());
    EXPECT_THAT(again.deferred, ElementsAre("workers")) << "as long as it waits for a restart";
    const auto back = reload(again.in_force, before);
    EXPECT_THAT(back.changed, ElementsAre("queue_limit", "log_level"));
    EXPECT_EQ(shown(back.in_force.values), shown(before.values));
}

TEST(SettingsReload, TakesNothingWhereAnythingIsWrong)
{
    const auto before = load({}, {});
    const auto read = load({"--queue-limit", "6", "--workers", "none", "--nothing", "1"}, {});
    const auto after = reload(before, read);
    EXPECT_EQ(after.in_force.problems, read.problems);
    EXPECT_EQ(after.in_force.problems.size(), 2u);
    EXPECT_EQ(shown(after.in_force.values), shown(before.values));
}

TEST(SettingsReload, FindsAFileThatHasJustVanished)
{
    const test::temporary_directory home;
    const std::string cookies = home.path() / "cookies.txt";
    std::ofstream(cookies) << "text";
    const auto read = load({"--cookies-file", cookies}, {});
    std::filesystem::remove(cookies);
    EXPECT_THAT(reload(load({}, {}), read).in_force.problems,
                ElementsAre("cookies_file must be the absolute path of a file that exists"));
}

TEST(SettingsReload, IsPossibleForTheSettingsThatThePageNames)
{
    std::ifstream file(TTSAVE_SETTINGS_PAGE);
    ASSERT_TRUE(file) << TTSAVE_SETTINGS_PAGE;
    std::ostringstream text;
    text << file.rdbuf();
    const std::string page = text.str();
    const auto begin = page.find("These take effect:");
    ASSERT_NE(begin, std::string::npos);
    std::istringstream words(page.substr(begin, page.find(".\n", begin) - begin));
    std::vector<std::string> named;
    for (std::string word; std::getline(words, word, '`');)
        if (std::getline(words, word, '`'))
            named.push_back(word);
    EXPECT_EQ(named, keys_of(takes_effect::on_reload));
}

} // namespace
} // namespace ttsave::settings
