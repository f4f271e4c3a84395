// access/key_file.hpp: a file of API keys is taken whole, or refused with its line and without a secret.

#include "access/key_file.hpp"

#include "require.hpp"
#include "targets.hpp"

#include <boost/json/parse.hpp>

#include <charconv>
#include <set>
#include <string>

namespace ttsave::fuzz {
namespace {

namespace json = boost::json;

/// A document that is no object of keys by the library's own reading must have been refused.
void check_keys(const std::vector<access::api_key>& keys, std::string_view bytes)
{
    json::error_code ec;
    const auto document = json::parse(json::string_view(bytes.data(), bytes.size()), ec);
    require(!ec, "what is taken is JSON");
    const auto& entries = document.as_object().at("keys").as_array();
    require(document.as_object().size() == 1 && entries.size() == keys.size(), "every entry is a key");
    std::set<std::string> names;
    std::set<access::sha256_digest> digests;
    for (std::size_t index = 0; index < keys.size(); ++index) {
        const auto& entry = entries[index].as_object();
        const auto& key = keys[index];
        require(entry.at("name").as_string() == key.name, "a key has its entry's name");
        require(names.insert(key.name).second && digests.insert(key.digest).second, "no key is there twice");
        if (const auto* const secret = entry.if_contains("key")) {
            const auto& text = secret->as_string();
            require(key.digest == access::sha256({text.data(), text.size()}), "a secret opens its key");
        }
        require(entry.contains("key") != entry.contains("key_sha256"), "a key has one secret");
        require(entry.contains("allowed_networks") != key.allowed_networks.empty(), "no network is lost");
        require(entry.contains("rate_limit_per_min") == key.rate_limit_per_min.has_value(), "no limit is lost");
    }
}

void check_problem(std::string_view problem, std::string_view bytes)
{
    require(problem.starts_with("line "), "a problem has a line");
    problem.remove_prefix(5);
    std::size_t line = 0;
    const auto [end, failed] = std::from_chars(problem.data(), problem.data() + problem.size(), line);
    require(failed == std::errc() && *end == ':', "and the line a number");
    const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1;
    require(line >= 1 && line <= lines, "that is there");
    require(std::none_of(problem.begin(), problem.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }),
            "a problem is one line");
}

} // namespace

void api_keys(std::string_view bytes)
{
    const auto keys = access::parse_keys(bytes);
    if (keys)
        check_keys(*keys, bytes);
    else
        check_problem(keys.error(), bytes);
}

} // namespace ttsave::fuzz
