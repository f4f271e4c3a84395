#include "net/proxy_list.hpp"

#include "core/text_file.hpp"

#include <map>
#include <utility>

namespace ttsave::net {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;
constexpr std::string_view white = " \t\r";

/// What a line says, without its comment and the white space around it.
std::string_view said_by(std::string_view line)
{
    for (auto hash = line.find('#'); hash != std::string_view::npos; hash = line.find('#', hash + 1))
        if (hash == 0 || white.find(line[hash - 1]) != std::string_view::npos) {
            line = line.substr(0, hash);
            break;
        }
    const auto begin = line.find_first_not_of(white);
    return begin == std::string_view::npos ? std::string_view{}
                                           : line.substr(begin, line.find_last_not_of(white) + 1 - begin);
}

class reader {
public:
    void take(std::string_view line)
    {
        ++number_;
        const auto said = said_by(line);
        if (said.empty())
            return;
        auto url = proxy_url::parse(said);
        if (!url)
            return complain(std::string(proxy_url::form));
        if (const auto [first, is_new] = lines_.try_emplace(url->text(), number_); !is_new)
            return complain("stands in line " + std::to_string(first->second) + " already");
        if (proxies_.size() == most_proxies)
            is_too_long_ = true;
        std::string name = url->address() + " (line " + std::to_string(number_) + ')';
        proxies_.push_back({std::move(*url), std::move(name)});
    }

    proxies_or_problem finish()
    {
        if (problem_.empty() && proxies_.empty())
            problem_ = "names no proxy";
        if (problem_.empty() && is_too_long_)
            problem_ = "names more than " + std::to_string(most_proxies) + " proxies";
        if (!problem_.empty())
            return std::move(problem_);
        return std::move(proxies_);
    }

private:
    void complain(const std::string& what)
    {
        problem_.append(problem_.empty() ? "" : "; ").append("line ").append(std::to_string(number_)).append(": ");
        problem_.append(what);
    }

    std::size_t number_ = 0;
    std::vector<listed_proxy> proxies_;
    std::map<std::string, std::size_t> lines_;
    std::string problem_;
    bool is_too_long_ = false;
};

} // namespace

proxies_or_problem parse_proxies(std::string_view text)
{
    reader lines;
    for (;;) {
        const auto newline = text.find('\n');
        lines.take(text.substr(0, newline));
        if (newline == std::string_view::npos)
            return lines.finish();
        text.remove_prefix(newline + 1);
    }
}

proxies_or_problem read_proxies(const std::string& path)
{
    const auto text = read_text_file(path, largest_file);
    if (!text)
        return text.error();
    auto proxies = parse_proxies(*text);
    if (!proxies)
        return path + ' ' + proxies.error();
    return proxies;
}

} // namespace ttsave::net
