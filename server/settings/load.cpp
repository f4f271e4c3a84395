#include "settings/load.hpp"

#include "settings/table.hpp"

#include <boost/program_options/option.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

namespace ttsave::settings {

namespace po = boost::program_options;

namespace {

constexpr std::string_view environment_prefix = "TTSAVE_";

/// A value and where it was written, for messages.
struct written {
    std::string text;
    std::string origin;
};

/// What the sources say, by key; the first one to say something counts.
using values_by_key = std::map<std::string, written, std::less<>>;

struct collection {
    values_by_key values;
    task wanted = task::serve;
    std::string about; // what the task is given
    std::vector<std::string> problems;

    void add(const std::string& key, std::string text, std::string origin)
    {
        values.try_emplace(key, written{std::move(text), std::move(origin)});
    }
};

bool is_key(std::string_view key)
{
    return key == "config" ||
           std::any_of(table().begin(), table().end(), [key](const setting& s) { return s.key == key; });
}

std::string key_of(std::string name)
{
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

po::options_description options_by_dashes()
{
    po::options_description options("Settings");
    auto add = options.add_options();
    add("config", po::value<std::string>()->value_name("FILE"), "Read further settings from FILE.");
    for (const auto& setting : table()) {
        std::string text(setting.sentence);
        text.append(" (").append(setting.bounds);
        text.append("; default: ").append(setting.default_value.empty() ? "none" : setting.default_value).append(")");
        add(option_name(setting.key).c_str(), po::value<std::string>()->value_name("VALUE"), text.c_str());
    }
    return options;
}

po::options_description tasks()
{
    po::options_description options("Instead of serving");
    options.add_options()("help", "Print this text.")("version", "Print the version.")(
        "check-config", "Check the settings and exit with status 0 or 2.")(
        "print-config", "Print an example configuration file with every setting.")(
        "print-setting", po::value<std::string>()->value_name("SETTING"),
        "Print the value that this setting has here.")(
        "try-extractor", po::value<std::string>()->value_name("PATH"),
        "Try the yt-dlp in a folder, wheel or zip on canary_urls, as ttsave-update does; exit with status 0 if it works, "
        "else 1.")("generate-key", po::value<std::string>()->value_name("NAME"),
                   "Print an entry with a fresh key for api_keys_file.")(
        "healthcheck", "Ask the server with these settings whether it is well; exit with status 0 if it is, else 1.");
    return options;
}

void take_task(collection& into, const std::string& name)
{
    static const std::map<std::string, task> names{{"help", task::help},
                                                   {"version", task::version},
                                                   {"check-config", task::check_config},
                                                   {"print-config", task::print_config},
                                                   {"healthcheck", task::healthcheck}};
    into.wanted = names.at(name);
}

/// Returns false for what is no task.
bool take_task(collection& into, const std::string& name, const std::string& about)
{
    static const std::map<std::string, task> names{{"generate-key", task::generate_key},
                                                   {"print-setting", task::print_setting},
                                                   {"try-extractor", task::try_extractor}};
    const auto found = names.find(name);
    if (found == names.end())
        return false;
    into.wanted = found->second;
    into.about = about;
    return true;
}

/// Parses one option with its value at a time, so that a mistake in one does not hide those in the others. No problem
/// repeats a value: it may be a proxy's password in the wrong place.
void read_command_line(collection& into, const std::vector<std::string>& arguments)
{
    po::options_description all;
    all.add(options_by_dashes()).add(tasks());
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        std::vector<std::string> one{arguments[index]};
        const bool is_option = one[0].starts_with("--");
        if (is_option && index + 1 < arguments.size() && !arguments[index + 1].starts_with("--") &&
            one[0].find('=') == std::string::npos)
            one.push_back(arguments[++index]);
        if (is_option && one[0].find('=') == one[0].size() - 1) // the library takes no empty value in this form
            one = {one[0].substr(0, one[0].size() - 1), ""};
        try {
            const po::positional_options_description none;
            const auto parsed =
                po::command_line_parser(one)
                    .options(all)
                    .positional(none)
                    .style(po::command_line_style::allow_long | po::command_line_style::long_allow_adjacent |
                           po::command_line_style::long_allow_next)
                    .run();
            for (const auto& option : parsed.options) {
                if (option.value.empty())
                    take_task(into, option.string_key);
                else if (!take_task(into, option.string_key, option.value.front()))
                    into.add(key_of(option.string_key), option.value.front(), "--" + option.string_key);
            }
        } catch (const po::unknown_option&) {
            into.problems.push_back("command line: there is no " + one[0].substr(0, one[0].find('=')));
        } catch (const po::too_many_positional_options_error&) {
            into.problems.push_back("command line: a word belongs to no option");
        } catch (const po::error& error) {
            into.problems.push_back("command line: " + std::string(error.what()));
        }
    }
}

void read_environment(collection& into, const std::vector<std::string>& environment)
{
    for (const auto& variable : environment) {
        const auto equals = variable.find('=');
        if (!variable.starts_with(environment_prefix) || equals == std::string::npos)
            continue;
        const std::string name = variable.substr(0, equals);
        std::string key = name.substr(environment_prefix.size());
        std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::tolower(c); });
        if (is_key(key) && (key == "config" ? "TTSAVE_CONFIG" : environment_name(key)) == name)
            into.add(key, variable.substr(equals + 1), name);
        else
            into.problems.push_back("environment: there is no setting " + name);
    }
}

po::options_description options_by_underscores()
{
    po::options_description options;
    for (const auto& setting : table())
        options.add_options()(std::string(setting.key).c_str(), po::value<std::string>());
    return options;
}

/// Parses line by line, for the same reason as the command line, and to tell the line.
void read_file(collection& into, const std::string& path)
{
    std::ifstream file(path);
    if (!file) {
        into.problems.push_back("config: " + path + " cannot be read");
        return;
    }
    const auto options = options_by_underscores();
    values_by_key of_file;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        const std::string origin = path + " line " + std::to_string(number);
        const auto begin = line.find_first_not_of(" \t\r");
        if (begin != std::string::npos && line[begin] == '[') {
            into.problems.push_back(origin + ": there are no sections");
            continue;
        }
        try {
            std::istringstream one(line);
            for (const auto& option : po::parse_config_file(one, options).options)
                if (!of_file.try_emplace(option.string_key, written{option.value.front(), origin}).second)
                    into.problems.push_back(origin + ": " + option.string_key + " stands there twice");
        } catch (const po::invalid_config_file_syntax&) {
            into.problems.push_back(origin + ": is not NAME = VALUE");
        } catch (const po::unknown_option&) {
            // The library's own words never end when the name holds one of its placeholders.
            const auto name = line.substr(begin, line.find_first_of(" \t=", begin) - begin);
            into.problems.push_back(origin + ": there is no setting " + name);
        } catch (const po::error& error) {
            into.problems.push_back(origin + ": " + error.what());
        }
    }
    if (file.bad()) // a directory, for one, opens but cannot be read
        into.problems.push_back("config: " + path + " cannot be read");
    into.values.merge(of_file);
}

} // namespace

loaded load(const std::vector<std::string>& arguments, const std::vector<std::string>& environment)
{
    collection found;
    read_command_line(found, arguments);
    read_environment(found, environment);
    if (const auto config = found.values.find("config"); config != found.values.end())
        read_file(found, std::string(config->second.text));

    loaded result;
    result.wanted = found.wanted;
    result.about = std::move(found.about);
    result.problems = std::move(found.problems);
    for (const auto& setting : table()) {
        const auto value = found.values.find(setting.key);
        const bool is_given = value != found.values.end();
        const auto text =
            result.texts.emplace(setting.key, is_given ? value->second.text : setting.default_value).first;
        const auto problem = setting.store(result.values, text->second);
        if (problem)
            result.problems.push_back((is_given ? value->second.origin : std::string(setting.key)) + ": " +
                                      std::string(setting.key) + ' ' + *problem);
    }
    if (result.values.photo_max < result.values.photo_min && result.problems.empty())
        result.problems.emplace_back("photo_max_s must not be less than photo_min_s");
    if (!result.values.proxy.empty() && !result.values.proxies_file.empty())
        result.problems.emplace_back("proxy and proxies_file cannot both be set: list the proxy in the file");
    return result;
}

std::string help()
{
    std::ostringstream text;
    text << "ttsave-server: turns TikTok links into files over HTTP.\n\n"
            "Usage: ttsave-server [--SETTING VALUE]...\n\n"
            "Every setting can also stand in the environment (TTSAVE_ and its name in capitals, with underscores)\n"
            "or in the file that --config names (name = value, with underscores). The command line counts before\n"
            "the environment, and the environment before the file.\n\n"
         << tasks() << '\n'
         << options_by_dashes();
    return text.str();
}

std::string example_config()
{
    std::string text =
        "# Settings of ttsave-server. Every line that begins with # is a comment; the values shown are the defaults.\n"
        "# The command line (--max-file-bytes) and the environment (TTSAVE_MAX_FILE_BYTES) count before this file.\n"
        "# SIGHUP has a running server read it again; docs/settings.md says what takes effect then.\n"
        "# Made by: ttsave-server --print-config\n";
    for (const auto& setting : table()) {
        text.append("\n# ").append(setting.sentence).append("\n# ").append(setting.bounds).append("\n#");
        text.append(setting.key).append(" =");
        text.append(setting.default_value.empty() ? "" : " ").append(setting.default_value).append("\n");
    }
    return text;
}

} // namespace ttsave::settings
