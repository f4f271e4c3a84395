#pragma once

// What the unit tests of several rooms build with.

#include "core/errc.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace ttsave::test {

/// A directory of a test's own, gone with it.
class temporary_directory {
public:
    temporary_directory()
    {
        std::string name = std::filesystem::temp_directory_path() / "ttsave-unit-XXXXXX";
        if (!::mkdtemp(name.data()))
            throw std::system_error(errno, std::generic_category(), name);
        path_ = name;
    }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Small accidents in texts: the same ones for the same seed, on every machine.
class mutator {
public:
    /// `words`, separated by spaces, get inserted, besides white space and NUL: what means something to the parser.
    mutator(std::uint32_t seed, const std::string& words) : random_(seed), pieces_{" ", "\r\n", std::string(1, '\0')}
    {
        std::istringstream all(words);
        for (std::string word; all >> word;)
            pieces_.push_back(word);
    }

    /// A number from 0 to `bound` - 1.
    std::size_t below(std::size_t bound) { return random_() % bound; }

    /// `text` after one to three accidents.
    std::string operator()(std::string text)
    {
        for (auto left = 1 + below(3); left > 0; --left) {
            const std::size_t place = below(text.size() + 1);
            switch (below(5)) {
            case 0: text.resize(place); break;
            case 1: text.erase(place, 1 + below(4)); break;
            case 2: text.insert(place, text.substr(place, 1 + below(8))); break;
            case 3: text.insert(place, pieces_[below(pieces_.size())]); break;
            default: text.replace(place, 1, 1, static_cast<char>(below(256))); break;
            }
        }
        return text;
    }

private:
    std::mt19937 random_;
    std::vector<std::string> pieces_;
};

/// A part of a table: texts that are alike, and what they have in common, for messages.
struct group {
    const char* kind;
    std::vector<const char*> members;
};

/// `text`, `count` times.
inline std::string times(std::size_t count, std::string_view text)
{
    std::string all;
    for (; count > 0; --count)
        all += text;
    return all;
}

/// Decodes Base64 as RFC 4648 section 4 writes it, and throws at anything else: line breaks, missing padding.
inline std::string decode_base64(std::string_view text)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.size() % 4 != 0)
        throw std::invalid_argument("not padded");
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes;
    std::uint32_t bits = 0;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const bool is_padding = index >= text.size() - padding;
        const auto digit = is_padding ? 0 : alphabet.find(text[index]);
        if (digit == std::string_view::npos)
            throw std::invalid_argument("not Base64");
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        if (index % 4 == 3)
            for (const int shift : {16, 8, 0})
                bytes += static_cast<char>(bits >> shift & 0xff);
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

/// Every failure there is; errc counts from 1 without gaps.
inline std::vector<errc> every_errc()
{
    std::vector<errc> all;
    for (auto next = errc{1}; stable_code(next) != "unknown"; next = static_cast<errc>(static_cast<int>(next) + 1))
        all.push_back(next);
    return all;
}

} // namespace ttsave::test
