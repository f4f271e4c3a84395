#pragma once

// How a text becomes the value of a setting. Each function makes one for `setting::store`.

#include "settings/settings.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::settings {

/// What is wrong, if anything is.
using outcome = std::optional<std::string>;
using store_function = std::function<outcome(settings&, const std::string&)>;

outcome parse_number(const std::string& text, std::uint64_t least, std::uint64_t most, std::uint64_t& value);

/// A whole number from `least` to `most`.
template <std::unsigned_integral Number>
store_function number(Number settings::*member, std::uint64_t least,
                      std::uint64_t most = std::numeric_limits<Number>::max())
{
    return [=](settings& into, const std::string& text) {
        std::uint64_t value = 0;
        auto problem = parse_number(text, least, most, value);
        if (!problem)
            into.*member = static_cast<Number>(value);
        return problem;
    };
}

store_function seconds(std::chrono::seconds settings::*member, std::uint64_t least, std::uint64_t most);

/// A name or path that is not empty.
store_function program(std::string settings::*member);

/// It need not exist.
store_function absolute_path(std::filesystem::path settings::*member);

/// A file that has to be readable already when the server starts.
store_function readable_file(std::string settings::*member);

/// Any text that `is_right`; `problem` is said of others.
store_function text(std::string settings::*member, bool (*is_right)(std::string_view), std::string problem);

/// One of `values`, which `store` stores.
store_function one_of(std::vector<std::string> values, std::function<void(settings&, const std::string&)> store);

outcome store_address(settings& into, const std::string& text);
outcome store_base_path(settings& into, const std::string& text);
outcome store_cache_dir(settings& into, const std::string& text);
outcome store_canary_interval(settings& into, const std::string& text);
outcome store_canary_urls(settings& into, const std::string& text);
outcome store_proxy(settings& into, const std::string& text);
outcome store_trusted_proxies(settings& into, const std::string& text);

} // namespace ttsave::settings
