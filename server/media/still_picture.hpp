#pragma once

// One picture of an H.264 stream, shown for as long as one likes: the pictures that repeat it cost a few bytes each and
// need no encoder. No I/O.
// Source: ITU-T H.264 (08/2021) sections 7.3 (syntax) and 8.4.1.1 (P_Skip).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ttsave::media {

/// What the beginning of a stream of one IDR picture says.
class still_picture {
public:
    /// Reads the parameter sets in front of the picture. `head`: the leading bytes of an Annex B stream, a few KiB of
    /// it are enough. Nothing when there is no picture within `head`, or when it is coded in a way that pictures which
    /// repeat it could not be written for: CABAC, interlacing, weighted prediction, slice groups, other than 4:2:0.
    static std::optional<still_picture> parse(std::string_view head);

    /// The parameter sets, with start codes.
    const std::string& parameter_sets() const { return parameter_sets_; }
    /// Where the coded picture begins in the stream, its start code included.
    std::size_t picture_offset() const { return picture_offset_; }

    /// The `number`th (from 1) picture after it that shows the same: every macroblock is skipped, so that each sample
    /// is copied. With a start code.
    std::string repetition(std::uint32_t number) const;

private:
    bool read_sequence(std::string_view nal);
    bool read_picture_parameters(std::string_view nal);

    std::string parameter_sets_;
    std::size_t picture_offset_ = 0;
    std::uint32_t macroblocks_ = 0;
    std::uint32_t picture_set_id_ = 0;
    int frame_number_bits_ = 0;
    int order_count_bits_ = 0; // 0: the order of output is that of decoding
    bool has_bottom_field_order_ = false;
    bool has_deblocking_control_ = false;
    bool has_redundant_count_ = false;
};

} // namespace ttsave::media
