// media/mp4_reader.hpp and media/opening.hpp: an MP4 tells the same in pieces of any size.

#include "media/mp4_reader.hpp"
#include "media/opening.hpp"

#include "pieces.hpp"
#include "require.hpp"
#include "targets.hpp"

#include <cstdint>
#include <string>

namespace ttsave::fuzz {
namespace {

using media::mp4_reader;
using media::opening;
using media::sound_track;

bool is_final(sound_track found)
{
    return found == sound_track::present || found == sound_track::absent;
}

void check_reader(std::string_view bytes, std::uint64_t begin)
{
    mp4_reader whole(begin);
    whole.take(bytes);
    mp4_reader torn_apart(begin);
    for (const auto piece : torn(bytes)) {
        const auto before = torn_apart.sound();
        torn_apart.take(piece);
        require(!is_final(before) || torn_apart.sound() == before, "what has been told is not taken back");
    }
    require(whole.sound() == torn_apart.sound() && whole.media_end() == torn_apart.media_end() &&
                whole.is_whole() == torn_apart.is_whole(),
            "pieces of any size tell the same");
    if (const auto end = whole.media_end())
        require(*end >= begin + 8, "media end behind their beginning");
}

void check_opening(std::string_view bytes, media::media_class expected)
{
    opening held(expected, true);
    auto verdict = opening::verdict::open;
    std::string given;
    for (const auto piece : torn(bytes)) {
        if (verdict != opening::verdict::open)
            break;
        verdict = held.take(piece);
        given.append(piece);
    }
    if (verdict == opening::verdict::open)
        verdict = held.end();
    require(verdict != opening::verdict::open, "the end decides");
    const auto type = media::recognise_as(expected, given);
    require((verdict == opening::verdict::other) == !type, "only what is recognised may begin");
    require(!type || held.type().mime == type->mime, "it begins as what it is");
    require(held.release() == given, "nothing that was held back is lost");
}

} // namespace

void mp4(std::string_view bytes)
{
    check_reader(bytes, 0);
    check_reader(bytes, 1'000'000);
    check_reader(bytes, UINT64_MAX - 1'000'000);
    check_opening(bytes, media::media_class::video);
    check_opening(bytes, media::media_class::audio);
}

} // namespace ttsave::fuzz
