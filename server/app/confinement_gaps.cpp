#include "app/confinement_gaps.hpp"

#include "app/program_path.hpp"
#include "core/confinement.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <system_error>

namespace ttsave::app {

void log_gaps_of_confinement(const settings::settings& chosen)
{
    for (const auto& gap : supported_confinement().gaps())
        spdlog::warn("{}", gap);
    std::error_code ec;
    for (const auto& program : {program_path(chosen.python), program_path(chosen.ffmpeg)})
        if (std::filesystem::exists(program, ec) && !is_binary(program))
            spdlog::warn("{} is a script and hardly confined, since it starts programs; name the program itself",
                         program);
}

} // namespace ttsave::app
