#include "store/spool.hpp"

#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace ttsave::store {

namespace {

/// For file systems without O_TMPFILE: a name that lives for two system calls.
int create_and_unlink(const std::filesystem::path& directory)
{
    std::string name = directory / "spool-XXXXXX";
    const int fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0)
        ::unlink(name.c_str());
    return fd;
}

} // namespace

spool::spool(std::filesystem::path directory, std::uint64_t max_bytes)
    : directory_(std::move(directory)), room_(max_bytes)
{
    std::error_code ec;
    // A directory that is already there has the permissions somebody chose for it.
    const bool is_new = std::filesystem::create_directories(directory_, ec);
    if (is_new)
        std::filesystem::permissions(directory_, std::filesystem::perms::owner_all, ec);
    if (ec)
        spdlog::error("cache_dir {} cannot be used: {}; downloads fail until it can", directory_.string(),
                      ec.message());
    else
        static_cast<void>(create());
}

result<unique_fd> spool::create() const
{
    int fd = ::open(directory_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        fd = create_and_unlink(directory_);
    if (fd < 0) {
        spdlog::error("no file can be made in cache_dir {}: {}", directory_.string(), std::strerror(errno));
        return errc::storage_failed;
    }
    return unique_fd(fd);
}

std::optional<std::uint64_t> spool::available_bytes() const
{
    std::error_code ec;
    const auto space = std::filesystem::space(directory_, ec);
    return ec ? std::nullopt : std::optional<std::uint64_t>(space.available);
}

} // namespace ttsave::store
