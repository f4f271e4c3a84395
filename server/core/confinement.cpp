#include "core/confinement.hpp"

#include "core/connect_listener.hpp"
#include "core/file_io.hpp"
#include "core/syscall_filter.hpp"

#include <elf.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace ttsave {
namespace {

/// Where programs have their libraries and what belongs to them. Not all of /usr: below /usr/local may lie an etc.
constexpr const char* libraries[] = {"/lib",           "/lib32",           "/lib64",         "/usr/lib",
                                     "/usr/lib32",     "/usr/lib64",       "/usr/libexec",   "/usr/share",
                                     "/usr/local/lib", "/usr/local/share", "/etc/localtime", "/etc/ld.so.cache",
                                     "/dev/null",      "/dev/urandom"};

/// The start of a 64-bit ELF file; all zeros for anything else.
Elf64_Ehdr header_of(int file)
{
    Elf64_Ehdr header = {};
    const auto bytes = read_at(file, 0, sizeof(header));
    const bool is_elf =
        bytes.size() == sizeof(header) && bytes.starts_with(ELFMAG) && bytes[EI_CLASS] == char(ELFCLASS64);
    if (is_elf)
        std::memcpy(&header, bytes.data(), sizeof(header));
    return header;
}

unique_fd open_to_read(const std::string& path)
{
    return unique_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

/// The loader of shared libraries that a program names (PT_INTERP, elf(5)), or nothing.
std::string loader_of(const std::string& program)
{
    const auto file = open_to_read(program);
    const auto header = header_of(file.get());
    for (std::uint64_t index = 0; index < header.e_phnum; ++index) {
        Elf64_Phdr segment = {};
        const auto bytes = read_at(file.get(), header.e_phoff + index * header.e_phentsize, sizeof(segment));
        if (bytes.size() != sizeof(segment))
            break;
        std::memcpy(&segment, bytes.data(), sizeof(segment));
        if (segment.p_type == PT_INTERP)
            return read_at(file.get(), segment.p_offset, std::min<std::uint64_t>(segment.p_filesz, PATH_MAX)).c_str();
    }
    return {};
}

/// What is installed beside a program in a place of its own: /opt/python/bin/python3 has its modules in
/// /opt/python/lib. Those of the file that a link leads to, too, as in Python's virtual environments.
std::vector<std::string> own_libraries(const std::filesystem::path& program)
{
    std::error_code ec;
    std::vector<std::string> found;
    for (const auto& path : {program, std::filesystem::canonical(program, ec)}) {
        const auto folder = path.parent_path();
        if (folder.filename() == "bin")
            for (const char* name : {"lib", "lib64", "pyvenv.cfg"})
                found.push_back(folder.parent_path() / name);
    }
    return found;
}

bool drop_capabilities()
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    return ::syscall(SYS_capset, &header, none) == 0;
}

} // namespace

std::vector<std::string> confinement_support::gaps() const
{
    std::vector<std::string> sentences;
    if (landlock == 0)
        sentences.emplace_back("children are not confined by Landlock, which this kernel lacks or has turned off: "
                               "extractors and ffmpeg can read what the server can, and ffmpeg can write there");
    else if (landlock < landlock_rules::truncation_version)
        sentences.push_back("children are confined by version " + std::to_string(landlock) +
                            " of Landlock, which does not keep ffmpeg from emptying files");
    if (!filter)
        sentences.emplace_back("children may make any system call: there is no seccomp, or not on this architecture");
    const bool governs_network = landlock >= landlock_rules::network_version;
    if (connects && !filter && !governs_network)
        sentences.emplace_back("extractors can connect to any address over TCP, in ways other than connect()");
    if (!connects)
        sentences.push_back(std::string("extractors can connect to ") + (governs_network ? "one port of " : "") +
                            "any address over TCP: they connect to the server's gate by themselves, since they can be "
                            "handed connections only by seccomp's user notification, which takes Linux 5.9, and a "
                            "container that does not use it itself");
    return sentences;
}

const confinement_support& supported_confinement()
{
    static const confinement_support found{landlock_version(), filters_system_calls(), can_hold_connects()};
    return found;
}

bool is_binary(const std::string& program)
{
    return header_of(open_to_read(program).get()).e_type != 0;
}

confinement::confinement(const std::string& program, program_needs needs) : program_(program), needs_(std::move(needs))
{
    if (supported_confinement().filter)
        filter_ = compile_filter({program_.c_str(), needs_.opens_descriptors_to_write, needs_.uses_sockets});
    if (supported_confinement().connects && has_connects_answered())
        connect_filter_ = compile_connect_filter();
}

confinement::entrance confinement::open(std::span<const int> descriptors, std::span<const std::string> readable) const
{
    const bool is_whole = is_binary(program_.string());
    entrance opened;
    const int needed = is_whole ? 1 : landlock_rules::network_version;
    if (supported_confinement().landlock >= needed)
        opened.rules_ = rules(is_whole, descriptors, readable);
    if (is_whole)
        opened.filter_ = filter_;
    if (has_connects_answered())
        opened.connects_ = way_for_connects();
    opened.connect_filter_ = connect_filter_;
    return opened;
}

socket_pair confinement::way_for_connects() const
{
    if (connect_filter_.empty())
        throw std::system_error(ENOTSUP, std::generic_category(), "answering connects");
    auto made = make_socket_pair();
    if (!made)
        throw std::system_error(made.error().value(), std::generic_category(), "socketpair");
    return std::move(*made);
}

landlock_rules confinement::rules(bool governs_files, std::span<const int> descriptors,
                                  std::span<const std::string> readable) const
{
    landlock_rules made(governs_files);
    if (needs_.port)
        made.allow_connecting(*needs_.port);
    if (!governs_files)
        return made;
    made.allow_executing(program_.string());
    made.allow_executing(loader_of(program_.string()));
    for (const char* path : libraries)
        made.allow_reading(path);
    for (const auto& path : own_libraries(program_.string()))
        made.allow_reading(path);
    for (const auto& path : needs_.readable)
        made.allow_reading(path);
    for (const auto& path : readable)
        made.allow_reading(path);
    for (const int descriptor : descriptors)
        if (needs_.opens_descriptors_to_write)
            made.allow_writing(descriptor);
    return made;
}

bool confinement::entrance::give_up() const noexcept
{
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !drop_capabilities())
        return false;
    if (connect_filter_.empty())
        return true;
    const int listener = hold_connects(connect_filter_);
    if (listener < 0 || send_descriptor(connects_.theirs.get(), listener))
        return false;
    ::close(listener);
    return true;
}

bool confinement::entrance::enter() const noexcept
{
    if (rules_ && ::syscall(SYS_landlock_restrict_self, rules_->get(), 0) != 0)
        return false;
    if (filter_.empty())
        return true;
    // The kernel only reads the filter. SPEC_ALLOW: a program with a filter is not thereby a program that runs
    // untrusted code in its own address space, which kernels before 5.16 would slow it down for.
    const sock_fprog program{static_cast<unsigned short>(filter_.size()), const_cast<sock_filter*>(filter_.data())};
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0;
}

unique_fd confinement::entrance::take_connects()
{
    if (connects_.ours.get() < 0)
        return {};
    connects_.theirs = unique_fd();
    auto listener = receive_descriptor(connects_.ours.get());
    return listener ? std::move(*listener) : unique_fd();
}

} // namespace ttsave
