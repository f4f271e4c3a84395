#include "settings/reload.hpp"

#include "settings/table.hpp"

namespace ttsave::settings {

reloaded reload(const loaded& before, const loaded& read)
{
    reloaded result;
    result.in_force = before;
    result.in_force.problems = read.problems;
    if (!read.problems.empty())
        return result;
    for (const auto& setting : table()) {
        auto& text = result.in_force.texts.find(setting.key)->second;
        const auto& wanted = read.texts.find(setting.key)->second;
        if (text == wanted)
            continue;
        if (setting.when == takes_effect::on_restart) {
            result.deferred.emplace_back(setting.key);
            continue;
        }
        // A file may have vanished since it was looked for.
        if (const auto problem = setting.store(result.in_force.values, wanted))
            result.in_force.problems.push_back(std::string(setting.key) + ' ' + *problem);
        text = wanted;
        result.changed.emplace_back(setting.key);
    }
    return result;
}

} // namespace ttsave::settings
