#include "app/key_source.hpp"

#include "access/key_file.hpp"

#include <spdlog/spdlog.h>

#include <stdexcept>

namespace ttsave::app {

namespace {

void say_that_nothing_changes(const std::string& problem)
{
    spdlog::error("{}; the keys of before stay in force", problem);
}

} // namespace

void key_source::load()
{
    if (path_.empty()) {
        spdlog::info("there is no api_keys_file: whoever reaches the port may download");
        return;
    }
    auto keys = access::read_keys(path_);
    if (!keys)
        throw std::runtime_error("api_keys_file: " + keys.error());
    const auto count = keys->size();
    access_.require(access::key_ring(std::move(*keys)));
    spdlog::info("{} API keys of {} are in force", count, path_);
}

void key_source::reload()
{
    try {
        load();
    } catch (const std::runtime_error& problem) {
        say_that_nothing_changes(problem.what());
    }
}

void key_source::check() const
{
    if (path_.empty())
        return;
    if (const auto keys = access::read_keys(path_); !keys)
        say_that_nothing_changes("api_keys_file: " + keys.error());
}

} // namespace ttsave::app
