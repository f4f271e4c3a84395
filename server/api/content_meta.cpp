#include "api/content_meta.hpp"

#include "core/base64.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>

namespace ttsave::api {

namespace json = boost::json;

namespace {

/// What Base64 makes fit.
constexpr std::size_t max_json_bytes = max_content_meta_bytes / 4 * 3;

/// Titles and authors are short; one that is not shall not push out the description.
constexpr std::size_t max_title_bytes = 512;
constexpr std::size_t max_author_bytes = 128;

constexpr std::string_view ellipsis = "\xe2\x80\xa6";

/// At most `bytes` of `text`, the ellipsis included, cut between two characters.
std::string cut(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return std::string(text);
    std::size_t end = bytes > ellipsis.size() ? bytes - ellipsis.size() : 0;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u)
        --end;
    return std::string(text.substr(0, end)).append(ellipsis);
}

std::string serialize(const extraction::post& post, std::string_view description)
{
    json::object meta;
    meta["title"] = cut(post.title, max_title_bytes);
    meta["desc"] = json::string_view(description.data(), description.size());
    meta["id"] = post.id;
    meta["author"] = cut(post.author, max_author_bytes);
    meta["type"] = post.kind == extraction::post_kind::video ? "video" : "photos";
    if (post.duration_s)
        meta["duration"] = *post.duration_s;
    return json::serialize(meta);
}

} // namespace

std::string content_meta(const extraction::post& post)
{
    std::string text = serialize(post, post.description);
    if (text.size() <= max_json_bytes)
        return base64_encode(text);
    // Escapes make a text longer than it is, so the longest description that fits is searched for.
    std::size_t fits = 0;
    std::size_t too_long = post.description.size();
    while (too_long - fits > 1) {
        const std::size_t middle = fits + (too_long - fits) / 2;
        if (serialize(post, cut(post.description, middle)).size() <= max_json_bytes)
            fits = middle;
        else
            too_long = middle;
    }
    return base64_encode(serialize(post, cut(post.description, fits)));
}

} // namespace ttsave::api
