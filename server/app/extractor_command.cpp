#include "app/extractor_command.hpp"

#include "app/program_path.hpp"

#include <filesystem>
#include <string>
#include <system_error>

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

} // namespace

child_command extractor_command(const settings::settings& chosen)
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
    return command;
}

} // namespace ttsave::app
