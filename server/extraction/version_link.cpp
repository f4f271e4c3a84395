#include "extraction/version_link.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace ttsave::extraction {

namespace {

constexpr std::string_view variable = "PYTHONPATH=";

void search_first(child_command& command, const std::string& path)
{
    const auto found =
        std::ranges::find_if(command.environment, [](const std::string& one) { return one.starts_with(variable); });
    if (found == command.environment.end())
        command.environment.push_back(std::string(variable) + path);
    else
        found->insert(variable.size(), path + ':');
}

} // namespace

std::filesystem::path version_link::find(std::string& problem) const
{
    std::error_code ec;
    if (!std::filesystem::exists(std::filesystem::symlink_status(link_, ec)))
        return {};
    auto target = std::filesystem::canonical(link_, ec);
    if (ec)
        problem = "leads nowhere: " + ec.message();
    else if (!std::filesystem::is_regular_file(target, ec) && !std::filesystem::exists(target / "yt_dlp", ec))
        problem = "leads to what is neither a folder with yt_dlp in it nor a file";
    else if (target.string().find(':') != std::string::npos)
        problem = "leads to a name with a colon, which separates names in PYTHONPATH";
    else
        return target;
    return {};
}

void version_link::apply_to(child_command& command)
{
    if (link_.empty())
        return;
    std::string problem;
    const auto found = find(problem);
    if (!found.empty()) {
        search_first(command, found.string());
        command.readable.push_back(found.string());
    }
    const std::string said = found.empty() ? problem : found.string();
    if (std::exchange(last_said_, said) == said)
        return;
    if (!problem.empty())
        spdlog::warn("extractor_path: {} {}; extractors use the yt-dlp that Python has", link_.string(), problem);
    else if (!found.empty())
        spdlog::info("extractors use the yt-dlp of {}", found.string());
    else
        spdlog::info("extractors use the yt-dlp that Python has again");
}

} // namespace ttsave::extraction
