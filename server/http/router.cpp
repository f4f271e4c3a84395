#include "http/router.hpp"

#include <boost/beast/http/verb.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace ttsave::http {

namespace {

bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-';
}

} // namespace

std::vector<std::string_view> router::counted() const
{
    std::vector<std::string_view> found;
    for (const auto& each : routes_)
        if (std::find(found.begin(), found.end(), each.counted_as()) == found.end())
            found.emplace_back(each.counted_as());
    return found;
}

router::match router::find(verb method, std::string_view path) const
{
    const auto found = std::find_if(routes_.begin(), routes_.end(), [path](const route& r) { return r.path == path; });
    if (found == routes_.end())
        return not_found{};
    if (std::find(found->methods.begin(), found->methods.end(), method) != found->methods.end())
        return &*found;
    method_not_allowed refused;
    for (const verb allowed : found->methods) {
        const auto name = boost::beast::http::to_string(allowed);
        refused.allow.append(refused.allow.empty() ? "" : ", ").append(name.data(), name.size());
    }
    return refused;
}

std::string path_of(std::string_view target)
{
    // Most targets are their own path, and need no parser to tell it.
    if (target.starts_with('/') && std::all_of(target.begin(), target.end(), is_plain))
        return std::string(target);
    target = target.substr(0, target.find('?'));
    const boost::core::string_view text(target.data(), target.size());
    const auto parsed = target.starts_with('/') ? boost::urls::parse_origin_form(text) : boost::urls::parse_uri(text);
    if (!parsed || (!target.starts_with('/') && !parsed->has_authority()))
        return {};
    std::string path(parsed->path());
    return path.empty() ? "/" : path;
}

} // namespace ttsave::http
