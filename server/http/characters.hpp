#pragma once

// The classes of characters in HTTP's grammar. Thread-safe: constants only.

#include <algorithm>
#include <array>
#include <string_view>

namespace ttsave::http {

/// As bits: a character may belong to several.
enum character_class : unsigned char {
    token_char = 1,  ///< of methods and field names (RFC 9110 section 5.6.2)
    text_char = 2,   ///< of field values: HTAB, SP, VCHAR, obs-text (RFC 9110 section 5.5)
    target_char = 4, ///< of a path and a query, with the % of percent-encoding (RFC 3986 sections 3.3 and 3.4)
    hex_digit = 8,
    host_char = 16, ///< of a host's name, with the % of percent-encoding (RFC 3986 section 3.2.2), but no comma
};

namespace detail {

constexpr std::array<unsigned char, 256> make_character_table()
{
    std::array<unsigned char, 256> table{};
    const auto add = [&table](std::string_view characters, unsigned classes) {
        for (const char c : characters) {
            auto& entry = table[static_cast<unsigned char>(c)];
            entry = static_cast<unsigned char>(entry | classes);
        }
    };
    for (unsigned c = 0x20; c < 0x100; ++c)
        table[c] = c == 0x7f ? 0 : text_char;
    add("\t", text_char);
    add("0123456789", token_char | target_char | host_char | hex_digit);
    add("abcdefABCDEF", token_char | target_char | host_char | hex_digit);
    add("ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ", token_char | target_char | host_char);
    add("!#$%&'*+-.^_`|~", token_char);
    add("-._~!$&'()*+,;=:@/?%", target_char);
    add("-._~!$&'()*+;=%", host_char);
    return table;
}

inline constexpr auto character_table = make_character_table();

} // namespace detail

constexpr bool is(character_class wanted, char c)
{
    return (detail::character_table[static_cast<unsigned char>(c)] & wanted) != 0;
}

constexpr bool are_all(character_class wanted, std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [wanted](char c) { return is(wanted, c); });
}

/// OWS and BWS (RFC 9110 section 5.6.3).
constexpr bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/// Without the blanks around it.
constexpr std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Whether `text` is `lower` but for the case of its letters. `text` must consist of text_char, `lower` of small
/// letters, digits and '-'.
constexpr bool is_same_word(std::string_view text, std::string_view lower)
{
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char c, char small) { return c == small || (c >= 'A' && c <= 'Z' && c + 32 == small); });
}

} // namespace ttsave::http
