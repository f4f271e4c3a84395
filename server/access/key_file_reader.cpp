#include "access/key_file_reader.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <utility>

namespace ttsave::access {

namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_secret = 1024;
constexpr std::uint64_t highest_rate = 1'000'000;

/// The fields of a key, and what their values must be.
const std::map<std::string, std::string, std::less<>>& key_fields()
{
    static const std::map<std::string, std::string, std::less<>> fields{
        {"name", "1 to 64 letters, digits and ._-, unlike any other"},
        {"key", "a text of 1 to 1024 bytes, unlike any other key"},
        {"key_sha256", "64 hexadecimal digits, unlike those of any other key"},
        {"rate_limit_per_min", "a whole number from 0 to 1000000"},
        {"allowed_networks", "an array of at least one network such as \"10.0.0.0/8\""},
    };
    return fields;
}

std::optional<sha256_digest> parse_digest(std::string_view hex)
{
    sha256_digest digest{};
    if (hex.size() != 2 * digest.size())
        return std::nullopt;
    for (std::size_t index = 0; index < digest.size(); ++index) {
        const auto* const begin = hex.data() + 2 * index;
        const auto [end, ec] = std::from_chars(begin, begin + 2, digest[index], 16);
        if (ec != std::errc{} || end != begin + 2)
            return std::nullopt;
    }
    return digest;
}

/// A piece of the file, fit for a log.
std::string quoted(std::string_view text)
{
    constexpr std::size_t longest = 40;
    std::string fit(text.substr(0, longest));
    std::replace_if(
        fit.begin(), fit.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, '?');
    return '"' + fit + (text.size() > longest ? "...\"" : "\"");
}

} // namespace

bool is_key_name(std::string_view text)
{
    return !text.empty() && text.size() <= longest_name && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '.' || c == '_' || c == '-';
    });
}

bool key_file_reader::is_wrong(std::string what)
{
    problem_ = std::move(what);
    return false;
}

/// Of the field whose value has just come.
bool key_file_reader::wrong_value()
{
    switch (place_) {
    case place::outside: return is_wrong("the file must be an object such as {\"keys\": []}");
    case place::root: return is_wrong("keys must be an array");
    case place::keys: return is_wrong("each of the keys must be an object");
    case place::key: return is_wrong(field_ + " must be " + key_fields().find(field_)->second);
    case place::networks: break;
    }
    return is_wrong("allowed_networks must be " + key_fields().find("allowed_networks")->second);
}

bool key_file_reader::begin_object()
{
    if (place_ == place::outside) {
        place_ = place::root;
        return true;
    }
    if (place_ != place::keys)
        return wrong_value();
    place_ = place::key;
    seen_.clear();
    keys_.emplace_back();
    return true;
}

bool key_file_reader::end_object()
{
    if (place_ == place::root)
        return !field_.empty() || is_wrong("there is no field \"keys\"");
    place_ = place::keys;
    if (seen_.count("name") == 0)
        return is_wrong("a key has no name");
    if (seen_.count("key") + seen_.count("key_sha256") != 1)
        return is_wrong("the key " + keys_.back().name + " must have one of key and key_sha256");
    return true;
}

bool key_file_reader::begin_array()
{
    if (place_ == place::root)
        place_ = place::keys;
    else if (place_ == place::key && field_ == "allowed_networks")
        place_ = place::networks;
    else
        return wrong_value();
    return true;
}

bool key_file_reader::end_array()
{
    if (place_ == place::keys) {
        place_ = place::root;
        return true;
    }
    if (keys_.back().allowed_networks.empty())
        return wrong_value(); // nobody could use the key
    place_ = place::key;
    return true;
}

bool key_file_reader::field(std::string_view name)
{
    if (place_ == place::root) {
        if (name != "keys")
            return is_wrong("there is no field " + quoted(name));
        if (!field_.empty())
            return is_wrong("keys stands there twice");
        field_ = name;
        return true;
    }
    if (key_fields().find(name) == key_fields().end())
        return is_wrong("a key has no field " + quoted(name));
    field_ = name;
    return seen_.insert(field_).second || is_wrong(field_ + " stands there twice");
}

bool key_file_reader::text(std::string_view value)
{
    if (place_ == place::networks) {
        const auto network = ip_network::parse(value);
        if (!network)
            return is_wrong(quoted(value) + " is not a network such as \"10.0.0.0/8\"");
        keys_.back().allowed_networks.push_back(*network);
        return true;
    }
    if (place_ != place::key)
        return wrong_value();
    if (field_ == "name") {
        const auto is_taken = [value](const api_key& key) { return key.name == value; };
        if (!is_key_name(value) || std::any_of(keys_.begin(), keys_.end(), is_taken))
            return wrong_value();
        keys_.back().name = value;
        return true;
    }
    if (field_ == "key")
        return !value.empty() && value.size() <= longest_secret ? set_secret(sha256(value)) : wrong_value();
    if (field_ != "key_sha256")
        return wrong_value();
    const auto digest = parse_digest(value);
    return digest ? set_secret(*digest) : wrong_value();
}

bool key_file_reader::set_secret(const sha256_digest& digest)
{
    const auto is_taken = [&digest](const api_key& key) { return key.digest == digest; };
    if (std::any_of(keys_.begin(), keys_.end() - 1, is_taken))
        return wrong_value();
    keys_.back().digest = digest;
    return true;
}

bool key_file_reader::number(std::uint64_t value)
{
    if (place_ != place::key || field_ != "rate_limit_per_min" || value > highest_rate)
        return wrong_value();
    keys_.back().rate_limit_per_min = static_cast<std::uint32_t>(value);
    return true;
}

bool key_file_reader::other()
{
    return wrong_value();
}

} // namespace ttsave::access
