#include "core/file_identity.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ttsave {
namespace {

TEST(FileIdentity, ChangesWithTheFileAndNotWithWhatIsWritten)
{
    const std::string path = testing::TempDir() + "identity-" + std::to_string(::getpid());
    const auto missing = file_identity::of(path);
    std::ofstream(path) << "one";
    const auto first = file_identity::of(path);
    EXPECT_TRUE(first.is_other_than(missing));
    std::ofstream(path, std::ios::app) << "more";
    EXPECT_FALSE(file_identity::of(path).is_other_than(first));
    std::ofstream(path + ".new") << "another";
    std::filesystem::rename(path + ".new", path);
    EXPECT_TRUE(file_identity::of(path).is_other_than(first));
    std::filesystem::remove(path);
    EXPECT_TRUE(file_identity::of(path).is_other_than(first));
    EXPECT_FALSE(file_identity::of(path).is_other_than(missing));
}

TEST(FileIdentity, IsNotItsNumberAlone)
{
    const file_identity before{1, 10, 5, 100, 7};
    file_identity renumbered = before;
    renumbered.number = 11;
    EXPECT_FALSE(renumbered.is_other_than(before));
}

} // namespace
} // namespace ttsave
