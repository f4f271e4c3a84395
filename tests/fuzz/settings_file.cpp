// settings/load.hpp: a file of settings is valid, or every mistake in it is named, and no secret with it.

#include "settings/load.hpp"
#include "settings/table.hpp"

#include "require.hpp"
#include "targets.hpp"
#include "unit/settings/shown.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace ttsave::fuzz {
namespace {

/// A file without a disk.
class settings_in_memory {
public:
    explicit settings_in_memory(std::string_view content) : descriptor_(::memfd_create("settings", MFD_CLOEXEC))
    {
        const auto written = ::write(descriptor_, content.data(), content.size());
        require(written == static_cast<ssize_t>(content.size()), "there is memory for the file");
    }
    settings_in_memory(const settings_in_memory&) = delete;
    settings_in_memory& operator=(const settings_in_memory&) = delete;
    ~settings_in_memory() { ::close(descriptor_); }

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

std::size_t count_of(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

/// A problem may name what stands before the equals sign, and nothing behind it that looks like a login.
void check_problems(const std::vector<std::string>& problems, std::string_view content)
{
    std::istringstream lines{std::string(content)};
    for (std::string line; std::getline(lines, line);) {
        const std::string value = line.substr(std::min(line.find('='), line.size()));
        const bool is_login = value.size() > 6 && value.find('@') != std::string::npos;
        if (!is_login || count_of(content, value.substr(1)) > 1)
            continue;
        for (const auto& problem : problems)
            require(problem.find(value.substr(1)) == std::string::npos, "a problem does not repeat a secret");
    }
    for (const auto& problem : problems)
        require(!problem.empty(), "a problem is a sentence");
}

} // namespace

void settings_file(std::string_view bytes)
{
    const settings_in_memory written(bytes);
    const auto loaded = settings::load({"--config", written.path()}, {});
    check_problems(loaded.problems, bytes);
    if (!loaded.problems.empty())
        return;
    require(loaded.values.workers >= 1 && loaded.values.photo_min <= loaded.values.photo_max, "values keep bounds");
    const auto values = settings::shown(loaded.values);
    std::vector<std::string> words;
    std::vector<std::string> variables;
    for (const auto& [key, value] : values) {
        words.push_back("--" + settings::option_name(key) + '=' + value);
        variables.push_back(settings::environment_name(key) + '=' + value);
    }
    for (const auto& again : {settings::load(words, {}), settings::load({}, variables)})
        require(again.problems.empty() && settings::shown(again.values) == values,
                "the same settings mean the same on the command line and in the environment");
}

} // namespace ttsave::fuzz
