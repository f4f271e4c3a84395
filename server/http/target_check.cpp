#include "http/target_check.hpp"

#include "http/characters.hpp"
#include "http/request_error.hpp"

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace ttsave::http {

namespace {

boost::core::string_view url_view(std::string_view text)
{
    return {text.data(), text.size()};
}

/// RFC 3986 section 2.1.
bool has_whole_escapes(std::string_view text)
{
    for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 3))
        if (text.size() - at < 3 || !is(hex_digit, text[at + 1]) || !is(hex_digit, text[at + 2]))
            return false;
    return true;
}

/// An http or https URI with a host, without user information, which recipients should take for an error (RFC 9110
/// section 4.2.4), and without a fragment.
bool is_absolute_form(std::string_view target)
{
    const auto parsed = boost::urls::parse_absolute_uri(url_view(target));
    if (!parsed || !parsed->has_authority() || parsed->has_userinfo())
        return false;
    // Boost.URL 1.81 takes what is no digit of a port for the beginning of the path.
    if (!parsed->encoded_path().empty() && !parsed->encoded_path().starts_with('/'))
        return false;
    const auto scheme = parsed->scheme_id();
    const bool is_ours = scheme == boost::urls::scheme::http || scheme == boost::urls::scheme::https;
    const auto host_and_port = parsed->encoded_host_and_port();
    return is_ours && is_host({host_and_port.data(), host_and_port.size()});
}

bool is_number(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// uri-host ":" port (RFC 9112 section 3.2.3).
bool is_authority_form(std::string_view target)
{
    const auto colon = target.rfind(':');
    return colon != target.npos && colon + 1 < target.size() && is_number(target.substr(colon + 1)) && is_host(target);
}

} // namespace

result<target_form> check_target(std::string_view method, std::string_view target)
{
    if (method == "CONNECT")
        return is_authority_form(target) ? result<target_form>(target_form::authority)
                                         : request_error::malformed_target;
    if (target.starts_with('/'))
        return are_all(target_char, target) && has_whole_escapes(target) ? result<target_form>(target_form::origin)
                                                                         : request_error::malformed_target;
    if (target == "*")
        return method == "OPTIONS" ? result<target_form>(target_form::asterisk) : request_error::misplaced_target;
    if (is_authority_form(target))
        return request_error::misplaced_target;
    return is_absolute_form(target) ? result<target_form>(target_form::absolute) : request_error::malformed_target;
}

bool is_host(std::string_view value)
{
    if (value.starts_with('['))
        return boost::urls::parse_authority(url_view(value)).has_value();
    const auto name = value.substr(0, value.find(':'));
    if (name.empty() || !are_all(host_char, name) || !has_whole_escapes(name))
        return false;
    return name.size() == value.size() || is_number(value.substr(name.size() + 1));
}

} // namespace ttsave::http
