#include "http/head_check.hpp"

#include "http/characters.hpp"

#include <charconv>
#include <system_error>

namespace ttsave::http {

namespace {

/// As many as any browser or proxy sends, several times over; each costs the parser behind us an allocation.
constexpr unsigned most_fields = 128;

/// #token, empty elements included (RFC 9110 sections 5.6.1 and 7.6.1).
bool is_token_list(std::string_view value)
{
    for (;;) {
        const auto comma = value.find(',');
        if (!are_all(token_char, trimmed(value.substr(0, comma))))
            return false;
        if (comma == value.npos)
            return true;
        value.remove_prefix(comma + 1);
    }
}

error_code check_connection(std::string_view value)
{
    return is_token_list(value) ? error_code() : request_error::malformed_connection;
}

} // namespace

error_code head_check::look(std::string_view received)
{
    const auto bytes = received.substr(0, most_bytes_);
    while (!is_complete_) {
        while (seen_ < bytes.size() && is(text_char, bytes[seen_]))
            ++seen_;
        const bool is_at_end = seen_ == bytes.size() || (bytes[seen_] == '\r' && seen_ + 1 == bytes.size());
        if (is_at_end)
            return bytes.size() < most_bytes_ ? error_code() : too_large(bytes);
        if (bytes[seen_] != '\r' && bytes[seen_] != '\n')
            return request_error::control_character;
        if (bytes[seen_] == '\n' || bytes[seen_ + 1] != '\n')
            return request_error::bare_line_break;
        if (const auto wrong = check_line(bytes.substr(line_, seen_ - line_)))
            return wrong;
        seen_ += 2;
        line_ = seen_;
    }
    return {};
}

/// RFC 9112 section 3: a line that is too long is too long a target, unless there is none in it.
error_code head_check::too_large(std::string_view received) const
{
    if (has_request_line_)
        return request_error::head_too_large;
    const bool has_method = received.find(' ', line_) != received.npos;
    return has_method ? request_error::target_too_long : request_error::malformed_request_line;
}

error_code head_check::check_line(std::string_view line)
{
    if (!has_request_line_ && line.empty() && begin_ == 0) {
        begin_ = 2; // RFC 9112 section 2.2: at least one empty line should be ignored
        return {};
    }
    if (!has_request_line_)
        return check_request_line(line);
    if (!line.empty())
        return check_field(line);
    const auto wrong = check_whole();
    is_complete_ = !wrong;
    return wrong;
}

/// RFC 9112 section 3: exactly one space between its three parts.
error_code head_check::check_request_line(std::string_view line)
{
    const auto first = line.find(' ');
    const auto second = first == line.npos ? first : line.find(' ', first + 1);
    if (second == line.npos)
        return request_error::malformed_request_line;
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, second - first - 1);
    if (method.empty() || target.empty() || !are_all(token_char, method))
        return request_error::malformed_request_line;
    method_ = boost::beast::http::string_to_verb({method.data(), method.size()});
    if (const auto wrong = check_version(line.substr(second + 1)))
        return wrong;
    minor_version_at_ = line_ + line.size() - 1;
    const auto form = check_target(method, target);
    if (!form)
        return form.error();
    target_ = *form;
    has_request_line_ = true;
    return {};
}

/// RFC 9112 section 2.3: "HTTP/" DIGIT "." DIGIT, case-sensitive. A higher minor version than ours is none the worse
/// (RFC 9110 section 2.5).
error_code head_check::check_version(std::string_view version)
{
    const auto is_digit = [version](std::size_t at) { return version[at] >= '0' && version[at] <= '9'; };
    if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(5) || version[6] != '.' || !is_digit(7))
        return request_error::malformed_request_line;
    if (version[5] != '1')
        return request_error::unknown_version;
    minor_version_ = static_cast<unsigned>(version[7] - '0');
    return {};
}

/// RFC 9112 section 5: a token, a colon at once, and a value between blanks that do not belong to it.
error_code head_check::check_field(std::string_view line)
{
    if (is_blank(line.front()))
        return request_error::folded_field;
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    if (colon == line.npos || name.empty() || !are_all(token_char, name))
        return request_error::malformed_field;
    if (++fields_ > most_fields)
        return request_error::too_many_fields;
    return check_value(name, trimmed(line.substr(colon + 1)));
}

/// The fields that decide what the request is, where it ends and whom it is for. All others only need to be in the
/// grammar.
error_code head_check::check_value(std::string_view name, std::string_view value)
{
    switch (name.size()) {
    case 4: return is_same_word(name, "host") ? check_host(value) : error_code();
    case 6: return is_same_word(name, "expect") ? check_expect(value) : error_code();
    case 10: return is_same_word(name, "connection") ? check_connection(value) : error_code();
    case 12: return is_same_word(name, "content-type") ? check_content_type() : error_code();
    case 14: return is_same_word(name, "content-length") ? check_content_length(value) : error_code();
    case 16: return is_same_word(name, "proxy-connection") ? check_connection(value) : error_code(); // as Beast does
    case 17: return is_same_word(name, "transfer-encoding") ? check_transfer_encoding(value) : error_code();
    default: return {};
    }
}

/// RFC 9112 section 3.2.
error_code head_check::check_host(std::string_view value)
{
    if (has_host_)
        return request_error::repeated_host;
    has_host_ = true;
    has_empty_host_ = value.empty();
    return has_empty_host_ || is_host(value) ? error_code() : request_error::malformed_host;
}

/// RFC 9110 section 8.6: digits. A zero in front, though in the grammar, is octal to some.
error_code head_check::check_content_length(std::string_view value)
{
    if (content_length_)
        return request_error::repeated_length;
    const auto* const end = value.data() + value.size();
    std::uint64_t length = 0;
    const auto read = std::from_chars(value.data(), end, length);
    if (read.ec != std::errc() || read.ptr != end || (value.front() == '0' && value.size() > 1))
        return request_error::malformed_length;
    content_length_ = length;
    return {};
}

/// RFC 9112 sections 6.1 and 7.
error_code head_check::check_transfer_encoding(std::string_view value)
{
    if (minor_version_ == 0)
        return request_error::coding_in_http_1_0;
    if (is_chunked_)
        return request_error::repeated_coding;
    if (!is_same_word(value, "chunked"))
        return request_error::unknown_coding;
    is_chunked_ = true;
    return {};
}

/// RFC 9110 section 5.3: none that may come twice.
error_code head_check::check_content_type()
{
    const bool is_repeated = has_content_type_;
    has_content_type_ = true;
    return is_repeated ? request_error::repeated_content_type : error_code();
}

/// RFC 9110 section 10.1.1: HTTP/1.0 has no expectations.
error_code head_check::check_expect(std::string_view value)
{
    if (minor_version_ == 0 || value.empty())
        return {};
    const bool is_known = is_same_word(value, "100-continue");
    expects_continue_ = expects_continue_ || is_known;
    expects_otherwise_ = expects_otherwise_ || !is_known;
    return {};
}

/// What no line tells by itself.
error_code head_check::check_whole() const
{
    const bool needs_host = minor_version_ > 0; // RFC 9112 section 3.2
    if (needs_host && !has_host_)
        return request_error::missing_host;
    // An absolute-form tells the host itself (RFC 9112 section 3.2.2).
    if (needs_host && has_empty_host_ && target_ != target_form::absolute)
        return request_error::malformed_host;
    if (is_chunked_ && content_length_)
        return request_error::coding_with_length; // RFC 9112 section 6.1: may be refused, and better is
    if (expects_otherwise_)
        return request_error::unknown_expectation;
    return {};
}

} // namespace ttsave::http
