#include "media/content_validator.hpp"

#include <charconv>
#include <string_view>

namespace ttsave::media {
namespace {

struct content_range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t total = 0;
};

bool take_number(std::string_view& text, std::uint64_t& value)
{
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{})
        return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take(std::string_view& text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// "bytes FIRST-LAST/TOTAL" (RFC 9110 section 14.4); an unknown total is no use here.
std::optional<content_range> parse_content_range(std::string_view text)
{
    content_range range;
    if (take(text, "bytes ") && take_number(text, range.first) && take(text, "-") && take_number(text, range.last) &&
        take(text, "/") && take_number(text, range.total) && text.empty())
        return range;
    return std::nullopt;
}

} // namespace

content_validator::content_validator(const net::response_head& first)
    : etag_(first.field("etag")), last_modified_(first.field("last-modified")), total_(first.content_length())
{
}

std::string content_validator::if_range_line() const
{
    return etag_.empty() || etag_.starts_with("W/") ? std::string() : "If-Range: " + etag_;
}

bool content_validator::has_same_validators(const net::response_head& later) const
{
    // Without an entity tag the date must serve; without either nothing says that it is the same file.
    if (!etag_.empty())
        return later.field("etag") == etag_;
    return !last_modified_.empty() && later.field("last-modified") == last_modified_;
}

content_validator::verdict content_validator::judge(const net::response_head& later, std::uint64_t offset) const
{
    if (!total_ || !has_same_validators(later))
        return verdict::differs;
    if (later.status == 206) {
        const auto range = parse_content_range(later.field("content-range"));
        const bool fits = range && range->first == offset && range->last + 1 == *total_ && range->total == *total_;
        return fits ? verdict::continues : verdict::differs;
    }
    return later.status == 200 && later.content_length() == total_ ? verdict::repeats : verdict::differs;
}

} // namespace ttsave::media
