#include "core/confinement.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ttsave {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Confinement, SaysWhatIsMissing)
{
    const auto anywhere = HasSubstr("any address");
    EXPECT_THAT((confinement_support{7, true, true}.gaps()), IsEmpty());
    EXPECT_THAT((confinement_support{4, true, true}.gaps()), IsEmpty());
    EXPECT_THAT((confinement_support{3, true, true}.gaps()), IsEmpty());
    EXPECT_THAT((confinement_support{1, true, true}.gaps()),
                ElementsAre(AllOf(HasSubstr("version 1"), HasSubstr("emptying"))));
    EXPECT_THAT((confinement_support{0, true, true}.gaps()), ElementsAre(HasSubstr("not confined by Landlock")));
    EXPECT_THAT((confinement_support{7, false, true}.gaps()), ElementsAre(HasSubstr("any system call")));
    EXPECT_THAT((confinement_support{3, false, true}.gaps()), ElementsAre(HasSubstr("any system call"), anywhere));
    const auto by_themselves = HasSubstr("by themselves");
    EXPECT_THAT((confinement_support{7, true, false}.gaps()),
                ElementsAre(AllOf(HasSubstr("one port of any address"), by_themselves)));
    EXPECT_THAT((confinement_support{4, true, false}.gaps()), ElementsAre(HasSubstr("one port of any address")));
    EXPECT_THAT((confinement_support{3, true, false}.gaps()),
                ElementsAre(AllOf(HasSubstr("connect to any address"), by_themselves)));
    EXPECT_THAT((confinement_support{0, false, false}.gaps()),
                ElementsAre(HasSubstr("not confined by Landlock"), HasSubstr("any system call"),
                            AllOf(HasSubstr("connect to any address"), by_themselves)));
}

TEST(Confinement, KnowsBinariesFromScripts)
{
    const std::filesystem::path script = testing::TempDir() + "script-" + std::to_string(::getpid());
    std::ofstream(script) << "#!/bin/sh\n";
    EXPECT_TRUE(is_binary("/proc/self/exe"));
    EXPECT_FALSE(is_binary(script));
    EXPECT_FALSE(is_binary("/no/such/program"));
    EXPECT_FALSE(is_binary("/dev/null"));
    std::filesystem::remove(script);
}

} // namespace
} // namespace ttsave
