#include "core/file_io.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace ttsave {

boost::system::error_code write_at(int descriptor, std::uint64_t offset, std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const auto written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return {written < 0 ? errno : EIO, boost::system::system_category()};
        offset += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

std::string read_at(int descriptor, std::uint64_t offset, std::size_t size)
{
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const auto read =
            ::pread(descriptor, bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
        if (read < 0 && errno == EINTR)
            continue;
        if (read <= 0)
            break;
        filled += static_cast<std::size_t>(read);
    }
    bytes.resize(filled);
    return bytes;
}

std::uint64_t size_of(int descriptor)
{
    struct stat state {};
    return ::fstat(descriptor, &state) == 0 ? static_cast<std::uint64_t>(state.st_size) : 0;
}

} // namespace ttsave
