#include "http/multipart_writer.hpp"

#include "core/random_token.hpp"

namespace ttsave::http {

std::string multipart_writer::part_head(std::string_view mime, std::string_view filename,
                                        std::optional<std::uint64_t> size) const
{
    std::string head = "--" + boundary_ + "\r\nContent-Type: ";
    head.append(mime).append("\r\nContent-Disposition: attachment; filename=\"").append(filename).append("\"\r\n");
    if (size)
        head.append("Content-Length: ").append(std::to_string(*size)).append("\r\n");
    return head.append("\r\n");
}

std::string random_boundary()
{
    return random_token(16);
}

} // namespace ttsave::http
