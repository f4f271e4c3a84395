#include "media/opening.hpp"

#include <utility>

namespace ttsave::media {

opening::verdict opening::take(std::span<const char> bytes)
{
    held_.append(bytes.data(), bytes.size());
    boxes_.take(bytes);
    if (type_)
        return judge();
    return held_.size() < recognisable_bytes ? verdict::open : recognise();
}

opening::verdict opening::end()
{
    const auto found = type_ ? judge() : recognise();
    return found == verdict::open || found == verdict::waits_on_tail ? verdict::good : found;
}

opening::verdict opening::learn(sound_track found) const
{
    return found == sound_track::absent ? verdict::silent : verdict::good;
}

std::optional<std::uint64_t> opening::tail_begin() const
{
    return boxes_.media_end();
}

std::string opening::release()
{
    return std::exchange(held_, {});
}

opening::verdict opening::recognise()
{
    type_ = recognise_as(expected_, held_);
    is_mp4_ = mp4_reader::reads(held_);
    return type_ ? judge() : verdict::other;
}

opening::verdict opening::judge() const
{
    if (!wants_sound_ || !is_mp4_ || type_->kind != media_class::video)
        return verdict::good;
    switch (boxes_.sound()) {
    case sound_track::unknown: return held_.size() < most_held_back ? verdict::open : verdict::good;
    case sound_track::behind: return verdict::waits_on_tail;
    case sound_track::absent: return verdict::silent;
    case sound_track::unreadable:
    case sound_track::present: break;
    }
    return verdict::good;
}

} // namespace ttsave::media
