#include "store/directory_lock.hpp"

#include "core/last_error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <utility>

namespace ttsave::store {

result<directory_lock> directory_lock::acquire(const std::filesystem::path& directory)
{
    auto path = directory / "lock";
    unique_fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0 || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return last_error();
    return directory_lock(std::move(file), std::move(path));
}

bool directory_lock::is_in_place() const
{
    struct stat own {};
    struct stat found {};
    return ::fstat(file_.get(), &own) == 0 && ::stat(path_.c_str(), &found) == 0 && own.st_dev == found.st_dev &&
           own.st_ino == found.st_ino;
}

} // namespace ttsave::store
