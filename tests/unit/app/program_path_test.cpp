// Settings that are programs (`python`, `ffmpeg`): a path is taken as it is, a name is looked up in PATH.

#include "app/program_path.hpp"

#include <gmock/gmock.h>

#include <filesystem>

namespace ttsave::app {
namespace {

TEST(ProgramPath, LooksUpNames)
{
    const std::filesystem::path found = program_path("sh");
    EXPECT_TRUE(found.is_absolute()) << found;
    EXPECT_EQ(found.filename(), "sh");
    EXPECT_TRUE(std::filesystem::exists(found)) << found;
}

TEST(ProgramPath, TakesPathsAsTheyAre)
{
    for (const auto* path : {"/usr/bin/python3", "./sh", "/no/such/program"})
        EXPECT_EQ(program_path(path), path);
}

TEST(ProgramPath, KeepsANameThatIsNowhere)
{
    EXPECT_EQ(program_path("no-such-program-of-ttsave"), "no-such-program-of-ttsave");
}

} // namespace
} // namespace ttsave::app
