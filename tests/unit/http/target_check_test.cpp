// RFC 9112, section 3.2, and RFC 3986: which targets and which hosts there are.

#include "http/target_check.hpp"

#include "http/request_error.hpp"

#include <gmock/gmock.h>

namespace ttsave::http {
namespace {

TEST(TargetCheck, KnowsFourForms)
{
    struct example {
        const char* method;
        const char* target;
        target_form form;
    };
    for (const auto& [method, target, form] : {
             example{"GET", "/", target_form::origin},
             example{"GET", "/-._~!$&'()*+,;=:@/?/?%00%fF", target_form::origin},
             example{"OPTIONS", "//a//.././?", target_form::origin},
             example{"GET", "http://b", target_form::absolute},
             example{"GET", "HTTPS://b.c:1/d?e", target_form::absolute},
             example{"OPTIONS", "http://[::1]:80/", target_form::absolute},
             example{"OPTIONS", "*", target_form::asterisk},
             example{"CONNECT", "a:80", target_form::authority},
             example{"CONNECT", "[::1]:80", target_form::authority},
         }) {
        const auto checked = check_target(method, target);
        ASSERT_TRUE(checked) << method << ' ' << target;
        EXPECT_EQ(*checked, form) << method << ' ' << target;
    }
}

TEST(TargetCheck, KnowsNoOther)
{
    struct rule {
        const char* source;
        const char* method;
        const char* target;
        request_error fault;
    };
    for (const auto& [source, method, target, fault] : {
             rule{"RFC 9112 3.2, no fragment", "GET", "/a#b", request_error::malformed_target},
             rule{"RFC 3986 2.1, escapes", "GET", "/%", request_error::malformed_target},
             rule{"RFC 3986 2.1, escapes", "GET", "/%4", request_error::malformed_target},
             rule{"RFC 3986 2.1, escapes", "GET", "/%g0", request_error::malformed_target},
             rule{"RFC 3986 2.1, escapes", "GET", "/%00%0g", request_error::malformed_target},
             rule{"RFC 3986 3.3, ASCII", "GET", "/\xc3\xa9", request_error::malformed_target},
             rule{"RFC 3986 3.3, pchar", "GET", "/a\\b", request_error::malformed_target},
             rule{"RFC 3986 3.4, query", "GET", "/?a=[1]", request_error::malformed_target},
             rule{"RFC 9112 3.2.1, a slash", "GET", "ping", request_error::malformed_target},
             rule{"RFC 3986 3.2.3, a port", "GET", "http://a:80x/ping", request_error::malformed_target},
             rule{"RFC 9112 3.2.1, a slash", "GET", "?a", request_error::malformed_target},
             rule{"RFC 9112 3.2.4, OPTIONS alone", "GET", "*", request_error::misplaced_target},
             rule{"RFC 9112 3.2.4, nothing but *", "OPTIONS", "*a", request_error::malformed_target},
             rule{"RFC 9112 3.2.3, CONNECT alone", "GET", "a:80", request_error::misplaced_target},
             rule{"RFC 9112 3.2.3, its port", "CONNECT", "a", request_error::malformed_target},
             rule{"RFC 9112 3.2.3, its port", "CONNECT", "a:", request_error::malformed_target},
             rule{"RFC 9112 3.2.3, its host", "CONNECT", ":80", request_error::malformed_target},
             rule{"RFC 9112 3.2.3, nothing else", "CONNECT", "/a", request_error::malformed_target},
             rule{"RFC 9112 3.2.3, nothing else", "CONNECT", "*", request_error::malformed_target},
             rule{"RFC 9112 3.2.3, nothing else", "CONNECT", "a:1/b", request_error::malformed_target},
             rule{"RFC 9112 3.2.3, nothing else", "CONNECT", "u@a:1", request_error::malformed_target},
             rule{"RFC 9112 3.2.3, nothing else", "CONNECT", "http://a:1/", request_error::malformed_target},
             rule{"RFC 9110 4.2.1, a host", "GET", "http:///a", request_error::malformed_target},
             rule{"RFC 9110 4.2.1, a host", "GET", "http:/a", request_error::malformed_target},
             rule{"RFC 9110 4.2.4, no user", "GET", "http://u@a/", request_error::malformed_target},
             rule{"RFC 9110 4.2, http or https", "GET", "ftp://a/", request_error::malformed_target},
             rule{"RFC 9112 3.2.2, no fragment", "GET", "http://a/#b", request_error::malformed_target},
             rule{"RFC 9112 3.2.2, a host by its rules", "GET", "http://a,b/", request_error::malformed_target},
         }) {
        const auto checked = check_target(method, target);
        ASSERT_FALSE(checked) << source << ": " << method << ' ' << target;
        EXPECT_EQ(checked.error(), make_error_code(fault)) << source << ": " << method << ' ' << target;
    }
}

TEST(TargetCheck, KnowsHosts)
{
    for (const auto* host :
         {"a", "A.b-c_d.", "a:", "a:4347", "127.0.0.1:80", "[::1]", "[2001:db8::1]:80", "[::1]:", "0.0.0.0~%41!="})
        EXPECT_TRUE(is_host(host)) << host;
}

TEST(TargetCheck, KnowsWhatIsNoHost)
{
    struct rule {
        const char* source;
        const char* value;
    };
    for (const auto& [source, value] : {
             rule{"RFC 9110 4.2.1, not empty", ""},
             rule{"RFC 9110 4.2.1, not empty", ":80"},
             rule{"RFC 9110 7.2, no space", "a b"},
             rule{"RFC 9110 7.2, no user", "u@a"},
             rule{"RFC 9110 7.2, no user", "u:p@a"},
             rule{"RFC 9110 7.2, no path", "a/b"},
             rule{"RFC 9110 7.2, no scheme", "http://a"},
             rule{"RFC 9110 5.3, no list", "a,b"},
             rule{"RFC 3986 3.2.3, a port of digits", "a:b"},
             rule{"RFC 3986 3.2.3, one port", "a:1:2"},
             rule{"RFC 3986 3.2.2, IPv6 in brackets", "::1"},
             rule{"RFC 3986 3.2.2, IPv6 in brackets", "[::1"},
             rule{"RFC 3986 3.2.2, an address in them", "[x]"},
             rule{"RFC 3986 3.2.2, nothing behind them", "[::1]a"},
             rule{"RFC 3986 3.2.2, ASCII", "\xc3\xa9"},
             rule{"RFC 3986 2.1, escapes", "%zz"},
         })
        EXPECT_FALSE(is_host(value)) << source << ": " << value;
}

} // namespace
} // namespace ttsave::http
