#include "web/content_coding.hpp"

#include "http/characters.hpp"

#include <optional>

namespace ttsave::web {

namespace {

using http::are_all;
using http::is_same_word;
using http::token_char;

constexpr int full_weight = 1000;

/// qvalue (RFC 9110 section 12.4.2), in thousandths; nothing if it is none.
std::optional<int> qvalue(std::string_view text)
{
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
        return std::nullopt;
    int thousandths = 0;
    int unit = full_weight;
    for (const char c : text) {
        if (c == '.')
            continue;
        if (c < '0' || c > '9')
            return std::nullopt;
        thousandths += (c - '0') * unit;
        unit /= 10;
    }
    return thousandths <= full_weight ? std::optional<int>(thousandths) : std::nullopt;
}

/// A member of the list: codings [ weight ].
struct member {
    std::string_view coding;
    int weight = full_weight;
};

std::optional<member> parse_member(std::string_view text)
{
    const auto semicolon = text.find(';');
    member found{http::trimmed(text.substr(0, semicolon))};
    if (found.coding.empty() || !are_all(token_char, found.coding))
        return std::nullopt;
    if (semicolon == text.npos)
        return found;
    const auto parameter = http::trimmed(text.substr(semicolon + 1));
    const auto weight = parameter.size() > 2 && is_same_word(parameter.substr(0, 1), "q") && parameter[1] == '='
                            ? qvalue(parameter.substr(2))
                            : std::nullopt;
    if (!weight)
        return std::nullopt;
    found.weight = *weight;
    return found;
}

} // namespace

content_coding preferred_coding(std::string_view accepted)
{
    std::optional<int> gzip;
    std::optional<int> identity;
    std::optional<int> others;
    for (auto rest = accepted; !rest.empty();) {
        const auto comma = rest.find(',');
        const auto read = parse_member(rest.substr(0, comma));
        rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
        if (!read)
            continue;
        if (is_same_word(read->coding, "gzip") || is_same_word(read->coding, "x-gzip")) // section 8.4.1.3
            gzip = read->weight;
        else if (is_same_word(read->coding, "identity"))
            identity = read->weight;
        else if (read->coding == "*")
            others = read->weight;
    }
    const int gzip_weight = gzip.value_or(others.value_or(0));
    // Identity is acceptable unless it is excluded, but with no weight of its own it comes after what is named.
    const int identity_weight = identity.value_or(others.value_or(0));
    return gzip_weight > 0 && gzip_weight >= identity_weight ? content_coding::gzip : content_coding::identity;
}

} // namespace ttsave::web
