#include "app/supervision.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace ttsave::app {
namespace {

/// A day; signs of life may come earlier than they have to.
constexpr std::uint64_t longest_watchdog_us = 24ULL * 60 * 60 * 1'000'000;

std::string_view value_of(const std::vector<std::string>& environment, std::string_view name)
{
    for (const std::string_view entry : environment)
        if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=')
            return entry.substr(name.size() + 1);
    return {};
}

/// Nothing where there is no such variable.
template <typename Number>
std::optional<Number> number_of(const std::vector<std::string>& environment, std::string_view name)
{
    const auto text = value_of(environment, name);
    if (text.empty())
        return std::nullopt;
    Number number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc() || end != text.data() + text.size())
        throw std::runtime_error("the environment's " + std::string(name) + " is not a number it could be");
    return number;
}

} // namespace

supervision read_supervision(const std::vector<std::string>& environment, pid_t self)
{
    supervision told;
    told.notify_socket = value_of(environment, "NOTIFY_SOCKET");
    const auto watched = number_of<pid_t>(environment, "WATCHDOG_PID");
    if (watched.value_or(self) == self)
        told.watchdog = std::chrono::microseconds(
            std::min(number_of<std::uint64_t>(environment, "WATCHDOG_USEC").value_or(0), longest_watchdog_us));
    // Without a LISTEN_PID, they are an ancestor's, and the descriptors something else by now.
    if (number_of<pid_t>(environment, "LISTEN_PID") == self)
        told.descriptors = number_of<std::uint16_t>(environment, "LISTEN_FDS").value_or(0);
    return told;
}

} // namespace ttsave::app
