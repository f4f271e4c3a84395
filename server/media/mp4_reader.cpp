#include "media/mp4_reader.hpp"

#include <algorithm>

namespace ttsave::media {
namespace {

using namespace std::literals;

// What is opened at each depth, to get at the tables of each track.
constexpr std::array containers{"moov"sv, "trak"sv, "mdia"sv, "minf"sv, "stbl"sv};
constexpr std::size_t inside_moov = 1;
constexpr std::size_t inside_mdia = 3;
constexpr std::size_t inside_stbl = 5;

} // namespace

void mp4_reader::take(std::span<const char> bytes)
{
    while (!bytes.empty() && !is_lost_) {
        std::uint64_t taken = 0;
        if (position_ < skip_to_) {
            taken = std::min<std::uint64_t>(bytes.size(), skip_to_ - position_);
            position_ += taken;
        } else {
            taken = std::min(bytes.size(), wanted_ - kept_count_);
            std::copy_n(bytes.begin(), taken, kept_.begin() + kept_count_);
            kept_count_ += taken;
            position_ += taken;
            if (kept_count_ == wanted_)
                take_kept();
        }
        leave_finished();
        bytes = bytes.subspan(taken);
    }
}

sound_track mp4_reader::sound() const
{
    if (found_)
        return *found_;
    if (is_lost_)
        return sound_track::unreadable;
    return media_end_ ? sound_track::behind : sound_track::unknown;
}

std::optional<std::uint64_t> mp4_reader::media_end() const
{
    return media_end_ == open_end ? std::nullopt : media_end_;
}

bool mp4_reader::is_whole() const
{
    return !is_lost_ && (position_ == box_end_ || box_end_ == open_end);
}

std::uint32_t mp4_reader::number_at(std::size_t offset) const
{
    std::uint32_t number = 0;
    for (std::size_t index = offset; index < offset + 4; ++index)
        number = number << 8 | static_cast<unsigned char>(kept_[index]);
    return number;
}

void mp4_reader::take_kept()
{
    if (field_ != field::none) {
        take_field();
        return;
    }
    constexpr std::uint32_t size_follows = 1;
    if (number_at(0) != size_follows || wanted_ == long_header)
        take_header();
    else if (enclosing_end() - position_ < long_header - short_header)
        give_up();
    else
        wanted_ = long_header;
}

void mp4_reader::take_header()
{
    const std::uint64_t begin = position_ - wanted_;
    std::uint64_t size = number_at(0);
    if (wanted_ == long_header)
        size = std::uint64_t{number_at(8)} << 32 | number_at(12);
    const bool is_open = size == 0 && wanted_ == short_header && !is_inside();
    if (!is_open && (size < wanted_ || size > enclosing_end() - begin)) {
        give_up();
        return;
    }
    const std::uint64_t end = is_open ? open_end : begin + size;
    kept_count_ = 0;
    wanted_ = short_header;
    enter({kept_.data() + 4, 4}, end);
}

void mp4_reader::enter(std::string_view type, std::uint64_t end)
{
    if (is_inside()) {
        enter_inside(type, end);
        return;
    }
    box_end_ = end;
    if (type == containers.front() && !found_) {
        open(end);
        return;
    }
    if (type == "mdat" && !found_)
        media_end_ = end;
    skip_to_ = end;
}

void mp4_reader::enter_inside(std::string_view type, std::uint64_t end)
{
    if (depth_ < containers.size() && type == containers[depth_]) {
        open(end);
        return;
    }
    const bool counts_samples = depth_ == inside_stbl && (type == "stsz" || type == "stz2");
    if (counts_samples || (depth_ == inside_mdia && type == "hdlr")) {
        if (end - position_ < field_bytes) {
            give_up();
            return;
        }
        field_ = counts_samples ? field::sample_count : field::handler;
        field_box_end_ = end;
        wanted_ = field_bytes;
        return;
    }
    has_fragments_ = has_fragments_ || (depth_ == inside_moov && type == "mvex");
    skip_to_ = end;
}

void mp4_reader::open(std::uint64_t end)
{
    ends_[depth_] = end;
    ++depth_;
    if (depth_ == inside_moov + 1) {
        is_sound_ = false;
        has_samples_ = false;
    }
}

void mp4_reader::take_field()
{
    if (field_ == field::handler)
        is_sound_ = std::string_view(kept_.data() + 8, 4) == "soun";
    else
        has_samples_ = number_at(8) > 0;
    field_ = field::none;
    kept_count_ = 0;
    wanted_ = short_header;
    skip_to_ = field_box_end_;
}

void mp4_reader::leave_finished()
{
    while (is_inside() && kept_count_ == 0 && field_ == field::none && position_ >= skip_to_) {
        const std::uint64_t end = enclosing_end();
        if (position_ < end && end - position_ < short_header) {
            skip_to_ = end; // QuickTime ends some containers with four zero bytes
            return;
        }
        if (position_ < end)
            return;
        --depth_;
        if (depth_ == inside_moov)
            leave_track();
        else if (depth_ == 0)
            leave_index();
    }
}

void mp4_reader::leave_track()
{
    if (is_sound_ && has_samples_ && !found_)
        found_ = sound_track::present;
    has_empty_sound_ = has_empty_sound_ || is_sound_;
}

void mp4_reader::leave_index()
{
    if (!found_)
        found_ = has_empty_sound_ && has_fragments_ ? sound_track::present : sound_track::absent;
}

void mp4_reader::give_up()
{
    if (!is_inside()) {
        is_lost_ = true;
        return;
    }
    if (!found_)
        found_ = sound_track::unreadable;
    depth_ = 0;
    kept_count_ = 0;
    wanted_ = short_header;
    field_ = field::none;
    skip_to_ = box_end_;
}

} // namespace ttsave::media
