#include "store/manifest.hpp"

#include "core/checksum.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace ttsave::store {

namespace json = boost::json;

namespace {

constexpr std::int64_t format = 1;
constexpr std::size_t longest_name = 32;

std::string checksum_of(std::string_view text)
{
    checksum sum;
    sum.add(text);
    return sum.text();
}

/// A name that is a path would lead out of the entry.
bool is_name(std::string_view text)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789.";
    return !text.empty() && text.size() <= longest_name && text.front() != '.' &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string text_of(const json::object& from, const char* key)
{
    return json::value_to<std::string>(from.at(key));
}

/// Throws for whatever is missing or of another type.
manifest read(const json::object& from)
{
    manifest entry;
    entry.key = text_of(from, "key");
    entry.stored_at = from.at("stored_at").as_int64();
    entry.about = from.at("about").as_object();
    entry.boundary_safe = from.at("boundary_safe").as_bool();
    for (const auto& item : from.at("files").as_array()) {
        const auto& file = item.as_object();
        const auto size = file.at("size").to_number<std::uint64_t>();
        entry.files.push_back({text_of(file, "name"), text_of(file, "type"), size, text_of(file, "xxh3")});
    }
    return entry;
}

} // namespace

std::uint64_t manifest::bytes() const
{
    std::uint64_t total = 0;
    for (const auto& file : files)
        total += file.size;
    return total;
}

std::string to_text(const manifest& entry)
{
    json::array files;
    for (const auto& file : entry.files)
        files.push_back(
            json::object{{"name", file.name}, {"type", file.type}, {"size", file.size}, {"xxh3", file.checksum}});
    const json::object whole{
        {"format", format},
        {"key", entry.key},
        {"stored_at", entry.stored_at},
        {"about", entry.about},
        {"boundary_safe", entry.boundary_safe},
        {"files", std::move(files)},
    };
    const std::string line = json::serialize(whole);
    return line + '\n' + checksum_of(line) + '\n';
}

result<manifest> parse_manifest(std::string_view text)
{
    const error_code damaged = make_error_code(boost::system::errc::bad_message);
    const auto border = text.find('\n');
    if (border == std::string_view::npos || text.substr(border + 1) != checksum_of(text.substr(0, border)) + '\n')
        return damaged;
    try {
        const auto parsed = json::parse(json::string_view(text.data(), border));
        const auto& whole = parsed.as_object();
        if (whole.at("format").as_int64() != format)
            return damaged;
        auto entry = read(whole);
        const auto is_sound = [](const stored_file& file) { return is_name(file.name) && file.size > 0; };
        if (entry.files.empty() || !std::all_of(entry.files.begin(), entry.files.end(), is_sound))
            return damaged;
        return entry;
    } catch (const std::exception&) { // of a library that reports a wrong shape in no other way
        return damaged;
    }
}

} // namespace ttsave::store
