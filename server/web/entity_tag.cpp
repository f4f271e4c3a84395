#include "web/entity_tag.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace ttsave::web {

namespace {

constexpr std::string_view weak = "W/";

/// etagc: any visible character but the quote, and obs-text.
bool is_tag_char(char c)
{
    return http::is(http::text_char, c) && !http::is_blank(c) && c != '"';
}

} // namespace

bool lists_tag(std::string_view listed, std::string_view etag)
{
    const auto is_between = [](char c) { return c == ',' || http::is_blank(c); };
    auto rest = http::trimmed(listed);
    if (rest == "*")
        return true;
    for (;;) {
        rest.remove_prefix(
            static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_between) - rest.begin()));
        if (rest.starts_with(weak))
            rest.remove_prefix(weak.size());
        const auto end = rest.starts_with('"') ? rest.find('"', 1) : rest.npos;
        if (end == rest.npos)
            return false;
        const auto tag = rest.substr(0, end + 1);
        const auto opaque = tag.substr(1, end - 1);
        if (!std::all_of(opaque.begin(), opaque.end(), is_tag_char))
            return false;
        if (tag == etag)
            return true;
        rest.remove_prefix(tag.size());
    }
}

} // namespace ttsave::web
