#include "app/program_path.hpp"

#include <boost/process/v2/environment.hpp>

namespace ttsave::app {

std::string program_path(const std::string& name)
{
    if (name.find('/') != std::string::npos)
        return name;
    const auto found = boost::process::v2::environment::find_executable(name);
    return found.empty() ? name : found.string();
}

} // namespace ttsave::app
