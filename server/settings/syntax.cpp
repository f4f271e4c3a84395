#include "settings/syntax.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>

namespace ttsave::settings {
namespace {

constexpr std::size_t longest_user_agent = 512;
constexpr std::size_t longest_arguments = 4096;
constexpr std::string_view extractor = "tiktok:";

bool is_printable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// yt-dlp takes names in any case.
bool names_extractor(std::string_view text)
{
    std::string name(text.substr(0, extractor.size()));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name == extractor;
}

/// yt-dlp takes no notice of spaces around a key.
bool is_argument(std::string_view text)
{
    const auto equals = text.find('=');
    const auto begin = text.find_first_not_of(' ');
    if (equals == std::string_view::npos || begin == equals)
        return false;
    const auto key = text.substr(begin, text.find_last_not_of(' ', equals - 1) + 1 - begin);
    return std::all_of(key.begin(), key.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

} // namespace

bool is_user_agent(std::string_view text)
{
    return text.size() <= longest_user_agent && is_printable(text) && !text.starts_with(' ') && !text.ends_with(' ');
}

bool are_extractor_arguments(std::string_view text)
{
    if (text.empty())
        return true;
    if (text.size() > longest_arguments || !is_printable(text) || !names_extractor(text))
        return false;
    for (text.remove_prefix(extractor.size());;) {
        const auto semicolon = text.find(';');
        if (!is_argument(text.substr(0, semicolon)))
            return false;
        if (semicolon == std::string_view::npos)
            return true;
        text.remove_prefix(semicolon + 1);
    }
}

} // namespace ttsave::settings
