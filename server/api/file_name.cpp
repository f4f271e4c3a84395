#include "api/file_name.hpp"

#include <fmt/core.h>

namespace ttsave::api {

std::string file_name(const std::string& post_id, std::size_t index, const media::media_type& type)
{
    const auto number = type.kind == media::media_class::image ? fmt::format("_{:02}", index + 1) : std::string();
    return post_id + number + '.' + std::string(type.extension);
}

} // namespace ttsave::api
