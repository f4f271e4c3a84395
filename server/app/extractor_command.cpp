#include "app/extractor_command.hpp"

#include "app/program_path.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace ttsave::app {
namespace {

/// Where the install rules put the package, seen from the binary (CMakeLists.txt).
constexpr const char* installed_package = "../share/ttsave/extractor";

std::filesystem::path package_dir(const settings::settings& chosen)
{
    if (!chosen.extractor_dir.empty())
        return chosen.extractor_dir;
    std::error_code ec;
    const auto binary = std::filesystem::read_symlink("/proc/self/exe", ec);
    return (binary.parent_path() / installed_package).lexically_normal();
}

/// Where the user that runs the server has Python packages of his own (`pip install --user`).
std::string user_packages()
{
    std::array<char, 16 * 1024> space;
    passwd entry = {};
    passwd* found = nullptr;
    ::getpwuid_r(::geteuid(), &entry, space.data(), space.size(), &found);
    return found ? std::string(found->pw_dir) + "/.local/lib" : std::string();
}

std::vector<std::string> readable_files(const settings::settings& chosen)
{
    // The accounts are where Python finds out about the folder of the user's packages.
    std::vector<std::string> paths{package_dir(chosen),  chosen.ca_file,      chosen.cookies_file,
                                   user_packages(),      "/etc/passwd",       "/etc/nsswitch.conf",
                                   "/etc/mime.types",    "/etc/ssl/certs",    "/etc/ssl/openssl.cnf",
                                   "/etc/pki/tls/certs", "/etc/pki/ca-trust", "/etc/crypto-policies"};
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator("/etc", ec)) // Debian's sitecustomize.py
        if (entry.path().filename().string().starts_with("python3"))
            paths.push_back(entry.path());
    std::erase(paths, std::string());
    return paths;
}

/// What a worn process takes is looked at after each job, in a job once a second, and then may be twice as much; this
/// bounds what it can take between two looks. What counts here is address space, of which Python has much more than
/// memory.
std::uint64_t address_space(std::uint64_t max_resident_bytes)
{
    constexpr std::uint64_t not_resident = std::uint64_t{1} << 30;
    return 2 * max_resident_bytes + not_resident;
}

resource_limits limits_of(const settings::settings& chosen)
{
    constexpr std::chrono::seconds start{60};
    constexpr std::chrono::seconds each_job{2}; // takes 30 ms
    resource_limits limits;
    limits.memory_bytes = address_space(chosen.worker_max_rss_bytes);
    limits.file_bytes = 0;
    limits.cpu = start + each_job * static_cast<std::int64_t>(chosen.worker_max_jobs);
    limits.descriptors = 64; // a connection, and one module at a time
    limits.threads = 4096;   // of the user; it has one itself
    return limits;
}

} // namespace

child_command extractor_command(const settings::settings& chosen, std::optional<std::uint16_t> gate_port)
{
    child_command command;
    command.executable = program_path(chosen.python);
    command.arguments = {"-m", "ttsave_extractor"};
    command.environment = {
        "LANG=C.UTF-8",
        "PATH=/usr/local/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE=1",
        "PYTHONPATH=" + package_dir(chosen).string(),
        "PYTHONSAFEPATH=1", // else whatever lies in the working directory is imported first
    };
    // Adds to the system's authorities, which OpenSSL also looks for in its directory.
    if (!chosen.ca_file.empty())
        command.environment.push_back("SSL_CERT_FILE=" + chosen.ca_file);
    command.limits = limits_of(chosen);
    program_needs needs;
    needs.readable = readable_files(chosen);
    needs.uses_sockets = true;
    needs.port = gate_port;
    command.box = std::make_shared<confinement>(command.executable, std::move(needs));
    return command;
}

} // namespace ttsave::app
