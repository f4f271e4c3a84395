#pragma once

// Walks the boxes of an MP4 (ISO base media file) as its bytes arrive: has it a sound track, and where may it end? The
// bytes are untrusted. No I/O; allocates nothing.
// Source: ISO/IEC 14496-12 (2020) sections 4.2 (boxes), 8.2.1 (moov), 8.4.3 (hdlr), 8.7.3 (stsz, stz2), 8.8.1 (mvex).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ttsave::media {

/// What is known of a file's sound track. One without samples is none, unless the samples come in fragments.
enum class sound_track {
    unknown,    ///< more bytes may tell
    behind,     ///< more bytes may tell, but the media stand before the index that does
    unreadable, ///< more bytes will not tell
    present,
    absent,
};

/// One file, from its first byte to its last, in pieces of any size.
class mp4_reader {
public:
    /// Whether `head` begins such a file.
    static bool reads(std::string_view head) { return head.size() >= 8 && head.substr(4, 4) == "ftyp"; }

    /// `begin`: where the first byte that it is given stands in the file; a box begins there.
    explicit mp4_reader(std::uint64_t begin = 0) : position_(begin), box_end_(begin), skip_to_(begin) {}

    /// The next bytes. Takes time linear in the boxes that begin in them, and in the bytes of moov's.
    void take(std::span<const char> bytes);

    /// What it has once been told to be present or absent, it stays.
    sound_track sound() const;

    /// Where the media end that stand before the index, when sound() is `behind` and they do not go on to the end.
    std::optional<std::uint64_t> media_end() const;

    /// Whether a file that ends here ends between two boxes, as a whole one does.
    bool is_whole() const;

private:
    static constexpr std::uint64_t open_end = UINT64_MAX; // of a box that goes on to the end of the file
    static constexpr std::size_t short_header = 8;
    static constexpr std::size_t long_header = 16;
    static constexpr std::size_t field_bytes = 12; // of hdlr, stsz and stz2, up to the one that counts

    enum class field { none, handler, sample_count };

    bool is_inside() const { return depth_ > 0; }
    std::uint64_t enclosing_end() const { return is_inside() ? ends_[depth_ - 1] : open_end; }
    std::uint32_t number_at(std::size_t offset) const;
    void take_kept();
    void take_header();
    void take_field();
    void enter(std::string_view type, std::uint64_t end);
    void enter_inside(std::string_view type, std::uint64_t end);
    void open(std::uint64_t end);
    void leave_finished();
    void leave_track();
    void leave_index();
    void give_up();

    std::uint64_t position_;            // of the next byte, in the file
    std::uint64_t box_end_;             // of the outermost box
    std::uint64_t skip_to_;             // what lies before is of no interest
    std::array<std::uint64_t, 5> ends_; // of moov and what is open inside it
    std::size_t depth_ = 0;

    std::array<char, long_header> kept_; // a header or a field that is not complete yet
    std::size_t kept_count_ = 0;
    std::size_t wanted_ = short_header;
    field field_ = field::none;
    std::uint64_t field_box_end_ = 0;

    bool is_sound_ = false; // the track that is open
    bool has_samples_ = false;
    bool has_empty_sound_ = false;
    bool has_fragments_ = false;
    std::optional<std::uint64_t> media_end_; // of the last mdat before moov
    std::optional<sound_track> found_;
    bool is_lost_ = false; // where the next box begins is not known any more
};

} // namespace ttsave::media
