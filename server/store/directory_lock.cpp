#include "store/directory_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <utility>

namespace ttsave::store {

result<directory_lock> directory_lock::acquire(const std::filesystem::path& directory)
{
    unique_fd file(::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0 || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return error_code(errno, boost::system::system_category());
    return directory_lock(std::move(file));
}

} // namespace ttsave::store
