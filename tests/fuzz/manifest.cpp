// store/manifest.hpp: a manifest is what `to_text` wrote, or nothing.

#include "store/manifest.hpp"

#include "core/checksum.hpp"

#include "links.hpp"
#include "require.hpp"
#include "targets.hpp"

#include <string>

namespace ttsave::fuzz {
namespace {

std::string sum_of(std::string_view line)
{
    checksum sum;
    sum.add(line);
    return sum.text();
}

bool is_same(const store::manifest& one, const store::manifest& other)
{
    return store::to_text(one) == store::to_text(other) && one.files.size() == other.files.size() &&
           one.key == other.key && one.stored_at == other.stored_at && one.about == other.about &&
           one.boundary_safe == other.boundary_safe;
}

void check_entry(const store::manifest& entry)
{
    require(!entry.files.empty(), "an entry has files");
    for (const auto& file : entry.files) {
        require(!file.name.empty() && !file.name.starts_with('.') && consists_of(file.name, name_characters),
                "a file's name leads nowhere");
        require(file.size > 0, "a file has bytes");
    }
    const std::string text = store::to_text(entry);
    const auto again = store::parse_manifest(text);
    require(again && is_same(entry, *again), "what is written is read as it was");
    // One place of each text is enough here: the fuzzer has many.
    std::string damaged = text;
    auto& byte = damaged[entry.files.front().size % damaged.size()];
    byte = static_cast<char>(byte ^ 1);
    require(!store::parse_manifest(damaged), "damage is noticed");
}

} // namespace

void manifest(std::string_view bytes)
{
    if (const auto entry = store::parse_manifest(bytes)) {
        const auto line = bytes.substr(0, bytes.find('\n'));
        require(bytes == std::string(line) + '\n' + sum_of(line) + '\n', "a manifest ends with its checksum");
        check_entry(*entry);
    }
    const std::string line(bytes.substr(0, bytes.find('\n')));
    if (const auto entry = store::parse_manifest(line + '\n' + sum_of(line) + '\n'))
        check_entry(*entry);
}

} // namespace ttsave::fuzz
