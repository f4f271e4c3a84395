#pragma once

// The framing of a multipart/x-mixed-replace body. Pure functions: texts only, no I/O.
// Source: shared contract, "Success".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ttsave::http {

/// The boundary that the documented sample client looks for.
inline constexpr std::string_view simple_boundary = "simple_boundary";

/// What no part's bytes may contain under that boundary.
inline constexpr std::string_view simple_delimiter = "--simple_boundary";

class multipart_writer {
public:
    explicit multipart_writer(std::string boundary) : boundary_(std::move(boundary)) {}

    /// The response's Content-Type. The boundary is unquoted and last, since clients take the rest of the header.
    std::string content_type() const { return "multipart/x-mixed-replace; boundary=" + boundary_; }

    /// Delimiter and headers of a part. `filename`: ASCII, without quotes.
    std::string part_head(std::string_view mime, std::string_view filename, std::optional<std::uint64_t> size) const;

    /// What follows a part's bytes.
    static constexpr std::string_view part_tail = "\r\n";

    /// What follows the last part.
    std::string closing() const { return "--" + boundary_ + "--\r\n"; }

private:
    std::string boundary_;
};

/// A boundary that no file contains by chance: 128 random bits.
std::string random_boundary();

} // namespace ttsave::http
