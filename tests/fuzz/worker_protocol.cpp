// extractor/PROTOCOL.md, "Strictness", "Messages": what an extractor may say, and what becomes of it.

#include "extraction/worker_protocol.hpp"

#include "links.hpp"
#include "require.hpp"
#include "targets.hpp"
#include "utf8_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>

namespace ttsave::fuzz {
namespace {

namespace json = boost::json;
using extraction::medium_role;
using extraction::parse_event;
using extraction::post_kind;
using test::is_utf8;

bool is_one_line(std::string_view text)
{
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void check_medium(const extraction::medium& medium)
{
    require(!medium.sources.empty(), "a medium has a source");
    for (const auto& source : medium.sources) {
        require(is_one_line(source.cookies), "cookies are one header");
        for (const auto& header : source.headers)
            require(is_one_line(header) && header.find(": ") != std::string::npos, "a header is one header");
    }
}

void check_post(const extraction::post& post)
{
    require(!post.id.empty() && post.id.size() <= 20 && consists_of(post.id, digits), "an id is 1 to 20 digits");
    require(is_utf8(post.title) && is_utf8(post.description) && is_utf8(post.author), "texts are UTF-8");
    require(!post.media.empty(), "a post has something to fetch");
    for (std::size_t index = 0; index < post.media.size(); ++index) {
        const auto& medium = post.media[index];
        check_medium(medium);
        const bool is_last = index + 1 == post.media.size();
        if (post.kind == post_kind::video)
            require(medium.role == medium_role::video && is_last, "a video is one");
        else
            require(medium.role == medium_role::photo || (medium.role == medium_role::sound && is_last && index > 0),
                    "photos come first, then at most one sound");
    }
}

/// Adds a key to every object of the protocol in `value`, a part of `message`, one after the other. What headers are
/// named, the protocol does not say.
void check_surprises(json::value& value, const json::value& message)
{
    if (auto* const array = value.if_array())
        for (auto& each : *array)
            check_surprises(each, message);
    auto* const object = value.if_object();
    if (!object)
        return;
    (*object)["surprise"] = 1;
    require(!parse_event(json::serialize(message)), "no object holds a key that the protocol does not name");
    object->erase("surprise");
    for (auto& [key, each] : *object)
        if (key != "headers")
            check_surprises(each, message);
}

void check_strictness(std::string_view line)
{
    auto message = json::parse(json::string_view(line.data(), line.size()));
    require(parse_event(json::serialize(message)).has_value(), "how a message is written down does not matter");
    check_surprises(message, message);
    auto& whole = message.as_object();
    const auto complete = whole;
    for (const auto& [key, value] : complete) {
        whole.erase(key);
        require(!parse_event(json::serialize(message)), "every key of a message is required");
        whole = complete;
    }
}

} // namespace

void worker_protocol(std::string_view bytes)
{
    const auto event = parse_event(bytes);
    if (!event)
        return;
    require(is_utf8(bytes), "a message is UTF-8");
    if (const auto* const answer = std::get_if<extraction::post_event>(&*event))
        check_post(answer->post);
    check_strictness(bytes);
}

} // namespace ttsave::fuzz
