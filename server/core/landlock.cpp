#include "core/landlock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace ttsave {
namespace {

// The kernel's include/uapi/linux/landlock.h of version 6; a version that knows less takes the zeros of the rest.

struct ruleset_attr {
    std::uint64_t handled_access_fs;
    std::uint64_t handled_access_net;
    std::uint64_t scoped;
};

struct [[gnu::packed]] path_beneath_attr {
    std::uint64_t allowed_access;
    std::int32_t parent_fd;
};

struct net_port_attr {
    std::uint64_t allowed_access;
    std::uint64_t port;
};

constexpr int rule_path_beneath = 1;
constexpr int rule_net_port = 2;
constexpr unsigned ask_version = 1;

constexpr std::uint64_t execute = 1 << 0;
constexpr std::uint64_t write_file = 1 << 1;
constexpr std::uint64_t read_file = 1 << 2;
constexpr std::uint64_t read_dir = 1 << 3;
constexpr std::uint64_t truncate_file = 1 << 14;
constexpr std::uint64_t of_files = execute | write_file | read_file | truncate_file;

constexpr std::uint64_t bind_tcp = 1 << 0;
constexpr std::uint64_t connect_tcp = 1 << 1;

constexpr std::uint64_t abstract_sockets = 1 << 0;
constexpr std::uint64_t signals = 1 << 1;
constexpr int scope_version = 6;

/// How many kinds of access to files the versions from 1 on govern; each has added to the end of the list.
constexpr std::array<int, 5> kinds_of_access{13, 14, 15, 15, 16};

std::uint64_t governed_files(int version)
{
    const auto index = std::min(static_cast<std::size_t>(version), kinds_of_access.size()) - 1;
    return (std::uint64_t{1} << kinds_of_access[index]) - 1;
}

} // namespace

int landlock_version()
{
    return static_cast<int>(std::max(0L, ::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_version)));
}

landlock_rules::landlock_rules(bool governs_files) : version_(landlock_version())
{
    ruleset_attr wanted{};
    if (version_ > 0 && governs_files)
        wanted.handled_access_fs = files_ = governed_files(version_);
    if (version_ >= network_version)
        wanted.handled_access_net = bind_tcp | connect_tcp;
    if (version_ >= scope_version)
        wanted.scoped = abstract_sockets | signals;
    rules_ = unique_fd(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &wanted, sizeof(wanted), 0)));
    if (rules_.get() < 0)
        throw std::system_error(errno, std::generic_category(), "landlock_create_ruleset");
}

void landlock_rules::allow_reading(const std::string& path)
{
    allow(path, read_file | read_dir);
}

void landlock_rules::allow_executing(const std::string& path)
{
    allow(path, read_file | execute);
}

void landlock_rules::allow_writing(int descriptor)
{
    allow(descriptor, read_file | write_file | truncate_file);
}

/// As in allow(): where networks are not governed, there is nothing to allow.
void landlock_rules::allow_connecting(std::uint16_t port)
{
    const net_port_attr rule{connect_tcp, port};
    ::syscall(SYS_landlock_add_rule, rules_.get(), rule_net_port, &rule, 0);
}

void landlock_rules::allow(const std::string& path, std::uint64_t access)
{
    const unique_fd opened(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (opened.get() >= 0)
        allow(opened.get(), access);
}

/// A rule that the kernel does not take allows nothing: on the safe side.
void landlock_rules::allow(int descriptor, std::uint64_t access)
{
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0)
        return;
    const path_beneath_attr rule{access & files_ & (S_ISDIR(status.st_mode) ? ~std::uint64_t{0} : of_files),
                                 descriptor};
    ::syscall(SYS_landlock_add_rule, rules_.get(), rule_path_beneath, &rule, 0);
}

} // namespace ttsave
