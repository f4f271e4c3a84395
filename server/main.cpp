// Parses the settings, builds the application, runs it.

#include "access/key_file.hpp"
#include "app/application.hpp"
#include "app/canary_links.hpp"
#include "app/extractor_trial.hpp"
#include "app/health_check.hpp"
#include "app/supervision.hpp"
#include "core/log.hpp"
#include "net/proxy_list.hpp"
#include "settings/load.hpp"
#include "version.hpp"

#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int exit_failure = 1;
constexpr int exit_wrong_settings = 2;

std::vector<std::string> list(char** entries)
{
    std::vector<std::string> texts;
    for (; *entries; ++entries)
        texts.emplace_back(*entries);
    return texts;
}

/// A post of photos takes a descriptor for each of them; the usual soft limit of 1,024 is far below what is allowed.
void use_all_descriptors()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// What shows only when a file that the settings name is read.
void check_files(ttsave::settings::loaded& loaded)
{
    if (!loaded.problems.empty())
        return;
    if (const auto& path = loaded.values.api_keys_file; !path.empty())
        if (const auto keys = ttsave::access::read_keys(path); !keys)
            loaded.problems.push_back("api_keys_file: " + keys.error());
    if (const auto& path = loaded.values.proxies_file; !path.empty())
        if (const auto proxies = ttsave::net::read_proxies(path); !proxies)
            loaded.problems.push_back("proxies_file: " + proxies.error());
}

int print_key_entry(const std::string& name)
{
    const auto entry = ttsave::access::new_key_entry(name);
    if (!entry) {
        std::cerr << "generate-key: a name has 1 to 64 letters, digits and ._-\n";
        return exit_wrong_settings;
    }
    std::cout << *entry << '\n';
    return 0;
}

/// Every failure is a 1: what else a health check may end with, container engines keep for themselves.
int check_health(const ttsave::settings::loaded& loaded)
{
    auto problems = loaded.problems;
    if (problems.empty())
        if (auto problem = ttsave::app::health_problem(loaded.values))
            problems.push_back(std::move(*problem));
    for (const auto& problem : problems)
        std::cerr << problem << '\n';
    return problems.empty() ? 0 : exit_failure;
}

int print_setting(const ttsave::settings::loaded& loaded)
{
    const auto found = loaded.texts.find(loaded.about);
    if (found == loaded.texts.end()) {
        std::cerr << "print-setting: there is no such setting\n";
        return exit_wrong_settings;
    }
    std::cout << found->second << '\n';
    return 0;
}

/// A worker or a client that goes away, and a file past the limit of its size, are errors of the write to them, not the
/// end of this process.
void ignore_signals_of_writes()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

int try_extractor(const ttsave::settings::loaded& loaded)
{
    const ttsave::log_session log("warning", loaded.values.log_as_json);
    ignore_signals_of_writes();
    use_all_descriptors();
    try {
        return ttsave::app::passes_trial(loaded.values, loaded.about, std::cout) ? 0 : exit_failure;
    } catch (const std::exception& error) {
        spdlog::critical("{}", error.what());
        return exit_failure;
    }
}

int serve(ttsave::app::settings_source source)
{
    const auto chosen = source.in_force();
    const ttsave::log_session log(chosen.log_level, chosen.log_as_json);
    ignore_signals_of_writes();
    use_all_descriptors();
    try {
        ttsave::app::application application(std::move(source), ttsave::version,
                                             ttsave::app::read_supervision(list(environ), ::getpid()));
        application.run();
        return 0;
    } catch (const std::exception& error) {
        spdlog::critical("{}:{}: {}", chosen.address, chosen.port, error.what());
        return exit_failure;
    }
}

} // namespace

int main(int, char** argv)
{
    using ttsave::settings::task;
    auto read = [arguments = list(argv + 1), environment = list(environ)] {
        auto loaded = ttsave::settings::load(arguments, environment);
        if (auto problem = ttsave::app::canary_problem(loaded.values))
            loaded.problems.push_back(std::move(*problem));
        return loaded;
    };
    auto loaded = read();
    switch (loaded.wanted) {
    case task::help: std::cout << ttsave::settings::help(); return 0;
    case task::version: std::cout << "ttsave-server " << ttsave::version << '\n'; return 0;
    case task::print_config: std::cout << ttsave::settings::example_config(); return 0;
    case task::generate_key: return print_key_entry(loaded.about);
    case task::print_setting: return print_setting(loaded);
    case task::healthcheck: return check_health(loaded);
    case task::check_config:
    case task::try_extractor:
    case task::serve: break;
    }
    check_files(loaded);
    for (const auto& problem : loaded.problems)
        std::cerr << problem << '\n';
    if (!loaded.problems.empty())
        return exit_wrong_settings;
    if (loaded.wanted == task::check_config) {
        std::cout << "configuration is valid\n";
        return 0;
    }
    if (loaded.wanted == task::try_extractor)
        return try_extractor(loaded);
    return serve({std::move(loaded), std::move(read)});
}
