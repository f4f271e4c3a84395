#include "media/still_picture.hpp"

#include "media/h264_bits.hpp"

namespace ttsave::media {
namespace {

using namespace std::literals;

constexpr auto start_code = "\0\0\0\1"sv;
constexpr auto short_start_code = "\0\0\1"sv;

// nal_unit_type (table 7-1).
constexpr int idr_picture = 5;
constexpr int sequence_parameters = 7;
constexpr int picture_parameters = 8;

/// nal_ref_idc 2, nal_unit_type 1: a picture that the next one refers to.
constexpr char referenced_picture = 0x41;

int type_of(std::string_view nal)
{
    return nal.empty() ? 0 : static_cast<unsigned char>(nal.front()) & 0x1f;
}

/// What can be written of a length as its excess over four (section 7.4.2.1.1).
constexpr std::uint32_t most_excess = 12;

/// Whether the profile's sequence parameters tell the chroma format (section 7.3.2.1.1).
bool tells_chroma(std::uint32_t profile)
{
    return profile == 100 || profile == 110 || profile == 122 || profile == 244 || profile == 44;
}

} // namespace

std::optional<still_picture> still_picture::parse(std::string_view head)
{
    still_picture parsed;
    bool has_sequence = false;
    bool has_parameters = false;
    for (auto at = head.find(short_start_code); at != std::string_view::npos;) {
        const auto begin = at + short_start_code.size();
        const auto next = head.find(short_start_code, begin);
        auto nal = head.substr(begin, next == std::string_view::npos ? next : next - begin);
        if (type_of(nal) == idr_picture) {
            parsed.picture_offset_ = at > 0 && head[at - 1] == '\0' ? at - 1 : at;
            return has_sequence && has_parameters ? std::optional(parsed) : std::nullopt;
        }
        while (nal.ends_with('\0')) // of the next start code
            nal.remove_suffix(1);
        if (type_of(nal) == sequence_parameters)
            has_sequence = parsed.read_sequence(nal);
        if (type_of(nal) == picture_parameters)
            has_parameters = parsed.read_picture_parameters(nal);
        if (type_of(nal) == sequence_parameters || type_of(nal) == picture_parameters)
            parsed.parameter_sets_.append(start_code).append(nal);
        at = next;
    }
    return std::nullopt;
}

bool still_picture::read_sequence(std::string_view nal)
{
    h264_bit_reader fields(nal.substr(1));
    const auto profile = fields.bits(8);
    fields.bits(8 + 8); // constraints, level
    fields.ue();        // seq_parameter_set_id
    if (tells_chroma(profile)) {
        const bool is_420 = fields.ue() == 1;
        fields.ue(); // bit_depth_luma_minus8
        fields.ue(); // bit_depth_chroma_minus8
        fields.bits(1);
        const bool has_scaling_matrix = fields.flag();
        if (!is_420 || has_scaling_matrix)
            return false;
    }
    const auto frame_number_excess = fields.ue();
    const auto order_type = fields.ue();
    const auto order_count_excess = order_type == 0 ? fields.ue() : 0;
    if (frame_number_excess > most_excess || order_count_excess > most_excess)
        return false;
    frame_number_bits_ = static_cast<int>(frame_number_excess) + 4;
    order_count_bits_ = order_type == 0 ? static_cast<int>(order_count_excess) + 4 : 0;
    const auto references = fields.ue();
    fields.bits(1); // gaps_in_frame_num_value_allowed_flag
    const auto width = fields.ue() + 1;
    const auto height = fields.ue() + 1;
    macroblocks_ = width * height;
    const bool is_progressive = fields.flag();
    return order_type != 1 && references > 0 && is_progressive && !fields.is_past_end();
}

bool still_picture::read_picture_parameters(std::string_view nal)
{
    h264_bit_reader fields(nal.substr(1));
    picture_set_id_ = fields.ue();
    fields.ue(); // seq_parameter_set_id
    const bool is_cabac = fields.flag();
    has_bottom_field_order_ = fields.flag();
    const bool has_slice_groups = fields.ue() > 0;
    fields.ue(); // num_ref_idx_l0_default_active_minus1
    fields.ue(); // num_ref_idx_l1_default_active_minus1
    const bool is_weighted = fields.flag();
    fields.bits(2); // weighted_bipred_idc
    fields.se();    // pic_init_qp_minus26
    fields.se();    // pic_init_qs_minus26
    fields.se();    // chroma_qp_index_offset
    has_deblocking_control_ = fields.flag();
    fields.bits(1); // constrained_intra_pred_flag
    has_redundant_count_ = fields.flag();
    return !is_cabac && !has_slice_groups && !is_weighted && !fields.is_past_end();
}

std::string still_picture::repetition(std::uint32_t number) const
{
    constexpr std::uint32_t all_slices_are_p = 5;
    h264_bit_writer fields;
    // slice_header (section 7.3.3)
    fields.ue(0); // first_mb_in_slice
    fields.ue(all_slices_are_p);
    fields.ue(picture_set_id_);
    fields.bits(number & ((1u << frame_number_bits_) - 1), frame_number_bits_);
    if (order_count_bits_ > 0) {
        fields.bits(2 * number & ((1u << order_count_bits_) - 1), order_count_bits_);
        if (has_bottom_field_order_)
            fields.ue(0); // delta_pic_order_cnt_bottom
    }
    if (has_redundant_count_)
        fields.ue(0);
    fields.flag(true); // num_ref_idx_active_override_flag: one picture is referred to, the one before
    fields.ue(0);
    fields.flag(false); // ref_pic_list_modification_flag_l0
    fields.flag(false); // adaptive_ref_pic_marking_mode_flag
    fields.ue(0);       // slice_qp_delta
    if (has_deblocking_control_)
        fields.ue(1); // no filter: the picture has been through it
    // slice_data (section 7.3.4): a run of skipped macroblocks and nothing else
    fields.ue(macroblocks_);
    return std::string(start_code) + referenced_picture + fields.finish();
}

} // namespace ttsave::media
