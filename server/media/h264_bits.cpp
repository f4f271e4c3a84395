#include "media/h264_bits.hpp"

#include <bit>

namespace ttsave::media {
namespace {

constexpr char emulation_prevention = 3;

} // namespace

h264_bit_reader::h264_bit_reader(std::string_view escaped)
{
    int zeros = 0;
    for (const char byte : escaped) {
        if (zeros >= 2 && byte == emulation_prevention) {
            zeros = 0;
            continue;
        }
        zeros = byte == 0 ? zeros + 1 : 0;
        payload_ += byte;
    }
}

std::uint32_t h264_bit_reader::bits(int count)
{
    std::uint32_t value = 0;
    for (; count > 0; --count, ++position_) {
        const std::size_t byte = position_ / 8;
        const auto present = byte < payload_.size() ? static_cast<unsigned char>(payload_[byte]) : 0u;
        value = value << 1 | (present >> (7 - position_ % 8) & 1u);
    }
    return value;
}

std::uint32_t h264_bit_reader::ue()
{
    int zeros = 0;
    while (zeros < 31 && !is_past_end() && !flag())
        ++zeros;
    return (1u << zeros) - 1 + bits(zeros);
}

std::int32_t h264_bit_reader::se()
{
    const std::uint32_t code = ue();
    const auto magnitude = static_cast<std::int32_t>(code / 2 + code % 2);
    return code % 2 == 1 ? magnitude : -magnitude;
}

void h264_bit_writer::bits(std::uint32_t value, int count)
{
    for (int bit = count - 1; bit >= 0; --bit) {
        if (free_bits_ == 0) {
            payload_ += '\0';
            free_bits_ = 8;
        }
        --free_bits_;
        payload_.back() =
            static_cast<char>(static_cast<unsigned char>(payload_.back()) | (value >> bit & 1u) << free_bits_);
    }
}

void h264_bit_writer::ue(std::uint32_t value)
{
    const int width = std::bit_width(value + 1);
    bits(0, width - 1);
    bits(value + 1, width);
}

std::string h264_bit_writer::finish()
{
    bits(1, 1);
    free_bits_ = 0;
    std::string escaped;
    int zeros = 0;
    for (const char byte : payload_) {
        if (zeros >= 2 && static_cast<unsigned char>(byte) <= 3) {
            escaped += emulation_prevention;
            zeros = 0;
        }
        zeros = byte == 0 ? zeros + 1 : 0;
        escaped += byte;
    }
    return escaped;
}

} // namespace ttsave::media
