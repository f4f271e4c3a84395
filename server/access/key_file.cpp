#include "access/key_file.hpp"

#include "access/key_file_reader.hpp"
#include "core/random_token.hpp"
#include "core/text_file.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <limits>
#include <utility>

namespace ttsave::access {

namespace json = boost::json;

namespace {

constexpr std::size_t largest_file = 1024 * 1024;
constexpr std::size_t secret_bytes = 32;

/// Puts together what the parser hands over in parts, and passes it on.
struct event_handler {
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = largest_file;
    static constexpr std::size_t max_string_size = largest_file;
    using code = json::error_code;
    using view = json::string_view;

    static bool answer(bool is_right, code& ec)
    {
        if (!is_right)
            ec = make_error_code(boost::system::errc::invalid_argument);
        return is_right;
    }
    bool add(view part)
    {
        text.append(part.data(), part.size());
        return true;
    }
    std::string whole(view last)
    {
        add(last);
        return std::exchange(text, {});
    }

    bool on_document_begin(code&) { return true; }
    bool on_document_end(code&) { return true; }
    bool on_object_begin(code& ec) { return answer(reader.begin_object(), ec); }
    bool on_object_end(std::size_t, code& ec) { return answer(reader.end_object(), ec); }
    bool on_array_begin(code& ec) { return answer(reader.begin_array(), ec); }
    bool on_array_end(std::size_t, code& ec) { return answer(reader.end_array(), ec); }
    bool on_key_part(view part, std::size_t, code&) { return add(part); }
    bool on_key(view last, std::size_t, code& ec) { return answer(reader.field(whole(last)), ec); }
    bool on_string_part(view part, std::size_t, code&) { return add(part); }
    bool on_string(view last, std::size_t, code& ec) { return answer(reader.text(whole(last)), ec); }
    bool on_number_part(view, code&) { return true; }
    bool on_int64(std::int64_t value, view, code& ec)
    {
        return answer(value < 0 ? reader.other() : reader.number(static_cast<std::uint64_t>(value)), ec);
    }
    bool on_uint64(std::uint64_t value, view, code& ec) { return answer(reader.number(value), ec); }
    bool on_double(double, view, code& ec) { return answer(reader.other(), ec); }
    bool on_bool(bool, code& ec) { return answer(reader.other(), ec); }
    bool on_null(code& ec) { return answer(reader.other(), ec); }
    bool on_comment_part(view, code&) { return true; }
    bool on_comment(view, code&) { return true; }

    key_file_reader reader;
    std::string text;
};

} // namespace

keys_or_problem parse_keys(std::string_view document)
{
    json::basic_parser<event_handler> parser{json::parse_options()};
    auto& reader = parser.handler().reader;
    // Fed line by line, since the parser itself does not say where it is.
    for (int line = 1;; ++line) {
        const auto newline = document.find('\n');
        const bool is_last = newline == std::string_view::npos;
        const auto bytes = document.substr(0, is_last ? newline : newline + 1);
        document.remove_prefix(bytes.size());
        json::error_code ec;
        const auto used = parser.write_some(!is_last, bytes.data(), bytes.size(), ec);
        if (!ec && used < bytes.size() && bytes.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
            ec = json::make_error_code(json::error::extra_data);
        if (ec)
            return "line " + std::to_string(line) + ": " +
                   (reader.problem().empty() ? "is not JSON: " + ec.message() : reader.problem());
        if (is_last)
            break;
    }
    return std::move(reader.keys());
}

keys_or_problem read_keys(const std::string& path)
{
    const auto document = read_text_file(path, largest_file);
    if (!document)
        return document.error();
    auto keys = parse_keys(*document);
    if (!keys)
        return path + ' ' + keys.error();
    return keys;
}

std::optional<std::string> new_key_entry(std::string_view name)
{
    if (!is_key_name(name))
        return std::nullopt;
    const json::value entry{{"name", json::string_view(name.data(), name.size())}, {"key", random_token(secret_bytes)}};
    return json::serialize(entry);
}

} // namespace ttsave::access
