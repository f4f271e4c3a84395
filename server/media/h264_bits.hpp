#pragma once

// Bits and Exp-Golomb codes as H.264 writes them (ITU-T H.264 sections 7.2, 7.4.1 and 9.1). Pure.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ttsave::media {

/// Reads the payload of a NAL unit, given as it stands in the stream: emulation prevention bytes are skipped.
/// Beyond the end it reads zeros and `is_past_end`.
class h264_bit_reader {
public:
    explicit h264_bit_reader(std::string_view escaped);

    std::uint32_t bits(int count); ///< u(n), n at most 32
    std::uint32_t ue();            ///< ue(v); values over 2^31 read as that
    std::int32_t se();             ///< se(v)
    bool flag() { return bits(1) != 0; }
    bool is_past_end() const { return position_ > 8 * payload_.size(); }

private:
    std::string payload_;
    std::size_t position_ = 0; // in bits
};

/// Writes the payload of a NAL unit.
class h264_bit_writer {
public:
    void bits(std::uint32_t value, int count); ///< u(n)
    void ue(std::uint32_t value);
    void flag(bool value) { bits(value ? 1 : 0, 1); }

    /// Ends the payload (rbsp_trailing_bits) and returns it with emulation prevention bytes.
    std::string finish();

private:
    std::string payload_;
    int free_bits_ = 0; // in the last byte
};

} // namespace ttsave::media
