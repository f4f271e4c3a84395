#include "store/entry_files.hpp"

#include "core/checksum.hpp"
#include "core/file_io.hpp"
#include "core/last_error.hpp"

#include <boost/system/errc.hpp>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace ttsave::store {

namespace fs = std::filesystem;

namespace {

constexpr const char* manifest_name = "manifest";
constexpr std::size_t longest_manifest = 1024 * 1024;
constexpr std::size_t read_at_a_time = 256 * 1024;

std::int64_t nanoseconds(const timespec& time)
{
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// Opens a regular file, and nothing else: neither what a link leads to nor a pipe that never ends.
result<unique_fd> open_regular(const fs::path& path)
{
    unique_fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat state {};
    if (file.get() < 0 || ::fstat(file.get(), &state) != 0)
        return last_error();
    if (!S_ISREG(state.st_mode))
        return make_error_code(boost::system::errc::bad_message);
    return file;
}

error_code copy(int from, std::uint64_t size, const fs::path& to)
{
    const unique_fd file(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0)
        return last_error();
    for (std::uint64_t offset = 0; offset < size;) {
        const auto piece = read_at(from, offset, read_at_a_time);
        if (piece.empty())
            return make_error_code(boost::system::errc::io_error);
        if (const auto problem = write_at(file.get(), offset, piece))
            return problem;
        offset += piece.size();
    }
    return {};
}

/// Gives the nameless file a name.
error_code link_or_copy(int from, std::uint64_t size, const fs::path& to)
{
    const std::string self = "/proc/self/fd/" + std::to_string(from);
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0)
        return {};
    return copy(from, size, to);
}

error_code write_file(const fs::path& path, const std::string& text)
{
    const unique_fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0)
        return last_error();
    return write_at(file.get(), 0, text);
}

bool has_checksum(int descriptor, const stored_file& expected)
{
    checksum sum;
    std::uint64_t offset = 0;
    for (;;) {
        const auto piece = read_at(descriptor, offset, read_at_a_time);
        if (piece.empty())
            return offset == expected.size && sum.text() == expected.checksum;
        sum.add(piece);
        offset += piece.size();
    }
}

} // namespace

file_stamp file_stamp::of(int descriptor)
{
    file_stamp stamp;
    struct stat state {};
    if (::fstat(descriptor, &state) == 0) {
        stamp.inode_ = state.st_ino;
        stamp.size_ = state.st_size;
        stamp.modified_ns_ = nanoseconds(state.st_mtim);
        stamp.changed_ns_ = nanoseconds(state.st_ctim);
    }
    return stamp;
}

result<void> write_entry(const fs::path& directory, const manifest& about, const std::vector<int>& descriptors)
{
    if (::mkdir(directory.c_str(), 0700) != 0)
        return last_error();
    for (std::size_t index = 0; index < descriptors.size(); ++index) {
        const auto& file = about.files[index];
        if (const auto problem = link_or_copy(descriptors[index], file.size, directory / file.name))
            return problem;
    }
    if (const auto problem = write_file(directory / manifest_name, to_text(about)))
        return problem;
    return result<void>();
}

result<manifest> load_entry(const fs::path& directory)
{
    std::error_code ec;
    if (!fs::is_directory(fs::symlink_status(directory, ec)))
        return make_error_code(boost::system::errc::bad_message);
    const auto file = open_regular(directory / manifest_name);
    if (!file)
        return file.error();
    auto about = parse_manifest(read_at(file->get(), 0, longest_manifest));
    if (!about)
        return about;
    for (const auto& each : about->files) {
        if (fs::file_size(directory / each.name, ec) != each.size || ec)
            return make_error_code(boost::system::errc::bad_message);
    }
    return about;
}

fs::file_time_type last_use_of(const fs::path& directory)
{
    std::error_code ec;
    const auto time = fs::last_write_time(directory / manifest_name, ec);
    return ec ? fs::file_time_type::min() : time;
}

result<open_entry> open_entry_files(const fs::path& directory, const manifest& about,
                                    const std::vector<file_stamp>& known)
{
    open_entry opened;
    for (std::size_t index = 0; index < about.files.size(); ++index) {
        const auto& file = about.files[index];
        auto found = open_regular(directory / file.name);
        if (!found)
            return found.error();
        const auto stamp = file_stamp::of(found->get());
        const bool is_known = index < known.size() && known[index] == stamp;
        // Whoever writes while it is read is noticed by the stamp.
        if (!is_known && !(has_checksum(found->get(), file) && file_stamp::of(found->get()) == stamp))
            return make_error_code(boost::system::errc::bad_message);
        opened.files.push_back(std::move(*found));
        opened.stamps.push_back(stamp);
    }
    ::utimensat(AT_FDCWD, (directory / manifest_name).c_str(), nullptr, 0);
    return opened;
}

void remove_entry(const fs::path& directory)
{
    std::error_code ec;
    if (fs::is_directory(fs::symlink_status(directory, ec))) // never through a link to a directory of somebody else
        fs::remove(directory / manifest_name, ec);
    fs::remove_all(directory, ec);
    if (ec)
        spdlog::error("{} cannot be removed: {}", directory.string(), ec.message());
}

} // namespace ttsave::store
