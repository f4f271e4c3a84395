#include "http/request_id.hpp"

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

} // namespace ttsave::http
