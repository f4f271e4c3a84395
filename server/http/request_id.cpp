#include "http/request_id.hpp"

#include <algorithm>
#include <random>

namespace ttsave::http {

std::string request_id()
{
    constexpr std::size_t digits = 12;
    thread_local std::mt19937_64 numbers = [] {
        std::random_device entropy;
        std::seed_seq seed{entropy(), entropy(), entropy(), entropy()};
        return std::mt19937_64(seed);
    }();
    static constexpr char digit[] = "0123456789abcdef";
    std::string text(digits, '0');
    auto number = numbers();
    for (char& each : text) {
        each = digit[number & 15];
        number >>= 4;
    }
    return text;
}

bool is_request_id(std::string_view text)
{
    constexpr std::size_t longest = 64;
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
               c == '-';
    });
}

} // namespace ttsave::http
