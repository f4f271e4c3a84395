#include "core/text_file.hpp"

#include <cerrno>
#include <fstream>
#include <ios>
#include <system_error>
#include <utility>

namespace ttsave {

boost::system::result<std::string, std::string> read_text_file(const std::string& path, std::size_t most_bytes)
{
    std::string text(most_bytes + 1, '\0');
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (file)
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad())
        return {boost::system::in_place_error, path + " cannot be read: " + std::generic_category().message(errno)};
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > most_bytes)
        return {boost::system::in_place_error, path + " is over " + std::to_string(most_bytes) + " bytes"};
    return {boost::system::in_place_value, std::move(text)};
}

} // namespace ttsave
