#include "extraction/worker_protocol.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>

namespace ttsave::extraction {

namespace json = boost::json;

namespace {

/// Thrown and caught in this file only: the line is not what the protocol says.
struct violation {};

/// One object of the line, whose every key must be asked for before `finish`.
class reader {
public:
    explicit reader(const json::value& value) : object_(value.if_object())
    {
        if (!object_)
            throw violation{};
    }

    const json::value& any(std::string_view key)
    {
        const json::value* const found = optional(key);
        if (!found)
            throw violation{};
        return *found;
    }

    std::string text(std::string_view key)
    {
        const json::string* const found = any(key).if_string();
        if (!found)
            throw violation{};
        return std::string(found->data(), found->size());
    }

    std::string optional_text(std::string_view key)
    {
        return object_->contains(json::string_view(key.data(), key.size())) ? text(key) : std::string();
    }

    bool boolean(std::string_view key)
    {
        const bool* const found = any(key).if_bool();
        if (!found)
            throw violation{};
        return *found;
    }

    std::uint64_t number(std::string_view key) { return as_number(any(key)); }

    std::optional<std::uint64_t> optional_number(std::string_view key)
    {
        const json::value* const found = optional(key);
        return found ? std::optional(as_number(*found)) : std::nullopt;
    }

    const json::array& array(std::string_view key)
    {
        const json::array* const found = any(key).if_array();
        if (!found)
            throw violation{};
        return *found;
    }

    /// Whatever has not been asked for is not in the protocol.
    void finish() const
    {
        if (seen_ != object_->size())
            throw violation{};
    }

private:
    const json::value* optional(std::string_view key)
    {
        const json::value* const found = object_->if_contains(json::string_view(key.data(), key.size()));
        seen_ += found ? 1 : 0;
        return found;
    }

    static std::uint64_t as_number(const json::value& value)
    {
        if (!value.is_int64() || value.get_int64() < 0)
            throw violation{};
        return static_cast<std::uint64_t>(value.get_int64());
    }

    const json::object* object_;
    std::size_t seen_ = 0;
};

template <typename Value>
Value choose(std::string_view text, std::initializer_list<std::pair<std::string_view, Value>> choices)
{
    for (const auto& [name, value] : choices)
        if (name == text)
            return value;
    throw violation{};
}

/// A header line, refused if its text could smuggle in another one.
std::string header_line(std::string_view name, const json::value& value)
{
    const json::string* const text = value.if_string();
    if (!text)
        throw violation{};
    std::string line = std::string(name) + ": " + std::string(text->data(), text->size());
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
        throw violation{};
    return line;
}

source parse_source(const json::value& value)
{
    reader fields(value);
    source parsed;
    parsed.url = fields.text("url");
    const json::object* const headers = fields.any("headers").if_object();
    if (!headers)
        throw violation{};
    for (const auto& [name, text] : *headers)
        parsed.headers.push_back(header_line(std::string_view(name.data(), name.size()), text));
    parsed.cookies = fields.optional_text("cookies");
    if (parsed.cookies.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
        throw violation{};
    fields.finish();
    return parsed;
}

medium parse_medium(const json::value& value)
{
    reader fields(value);
    medium parsed;
    parsed.role = choose<medium_role>(
        fields.text("role"),
        {{"video", medium_role::video}, {"photo", medium_role::photo}, {"sound", medium_role::sound}});
    if (parsed.role == medium_role::video)
        parsed.has_sound = fields.boolean("sound");
    parsed.ext = fields.text("ext");
    parsed.codec = fields.optional_text("codec");
    parsed.size_bytes = fields.optional_number("size_bytes");
    parsed.width = fields.optional_number("width");
    parsed.height = fields.optional_number("height");
    for (const auto& item : fields.array("sources"))
        parsed.sources.push_back(parse_source(item));
    if (parsed.sources.empty())
        throw violation{};
    fields.finish();
    return parsed;
}

/// One video; or photos, then at most one sound.
bool is_complete(const post& parsed)
{
    const auto has_role = [](medium_role role) { return [role](const medium& each) { return each.role == role; }; };
    const auto& media = parsed.media;
    if (media.empty() || parsed.kind == post_kind::video)
        return media.size() == 1 && media.front().role == medium_role::video;
    const auto rest = std::find_if_not(media.begin(), media.end(), has_role(medium_role::photo));
    return rest != media.begin() &&
           (rest == media.end() || (rest->role == medium_role::sound && std::next(rest) == media.end()));
}

post parse_post(const json::value& value)
{
    reader fields(value);
    post parsed;
    parsed.id = fields.text("id");
    const bool digits = std::all_of(parsed.id.begin(), parsed.id.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (parsed.id.empty() || parsed.id.size() > 20 || !digits)
        throw violation{}; // it becomes a file name
    parsed.kind = choose<post_kind>(fields.text("kind"), {{"video", post_kind::video}, {"photos", post_kind::photos}});
    parsed.title = fields.text("title");
    parsed.description = fields.text("description");
    parsed.author = fields.text("author");
    parsed.duration_s = fields.optional_number("duration_s");
    for (const auto& item : fields.array("media"))
        parsed.media.push_back(parse_medium(item));
    if (!is_complete(parsed))
        throw violation{};
    fields.finish();
    return parsed;
}

worker_event parse_object(const json::value& value)
{
    reader fields(value);
    const std::string event = fields.text("event");
    worker_event parsed;
    if (event == "ready") {
        parsed = ready_event{fields.text("yt_dlp"), fields.text("python")};
        if (fields.number("protocol") != protocol_version)
            throw violation{};
    } else if (event == "unusable") {
        parsed = unusable_event{fields.text("message")};
    } else if (event == "post") {
        const auto id = fields.number("id");
        parsed = post_event{id, parse_post(fields.any("post"))};
    } else if (event == "failed") {
        const auto id = fields.number("id");
        const auto code = post_failure_from_code(fields.text("code"));
        if (!code)
            throw violation{};
        parsed = failed_event{id, *code, fields.text("message")};
    } else {
        throw violation{};
    }
    fields.finish();
    return parsed;
}

json::string_view view(std::string_view text)
{
    return {text.data(), text.size()};
}

} // namespace

std::string configure_line(const extractor_options& options, std::string_view gate)
{
    json::object line;
    line["op"] = "configure";
    line["protocol"] = protocol_version;
    line["gate"] = view(gate);
    line["cookies_file"] = options.cookies_file;
    line["user_agent"] = options.user_agent;
    line["extractor_args"] = options.extractor_args;
    return json::serialize(line) + '\n';
}

std::string resolve_line(std::uint64_t id, std::string_view page_url, std::chrono::milliseconds timeout,
                         std::string_view request)
{
    json::object line;
    line["id"] = id;
    line["op"] = "resolve";
    line["url"] = view(page_url);
    line["timeout_s"] = std::chrono::duration<double>(timeout).count();
    line["request"] = view(request);
    return json::serialize(line) + '\n';
}

result<worker_event> parse_event(std::string_view line)
{
    try {
        boost::system::error_code ec;
        const auto value = json::parse(view(line), ec);
        if (!ec)
            return parse_object(value);
    } catch (const violation&) {
    }
    return error_code(boost::system::errc::make_error_code(boost::system::errc::protocol_error));
}

} // namespace ttsave::extraction
