// extractor_path: which yt-dlp a process is started with.

#include "extraction/version_link.hpp"

#include "builders.hpp"
#include "captured_log.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace ttsave::extraction {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class VersionLink : public testing::Test {
protected:
    VersionLink()
    {
        make_version("1");
        make_version("2");
    }

    void make_version(const std::string& name)
    {
        std::filesystem::create_directories(folder_ / "versions" / name / "yt_dlp");
    }

    std::string version(const std::string& name) const { return folder_ / "versions" / name; }

    void link_to(const std::string& target)
    {
        std::filesystem::remove(folder_ / "current");
        std::filesystem::create_symlink(target, folder_ / "current");
    }

    child_command applied()
    {
        child_command command;
        command.environment = {"LANG=C.UTF-8", "PYTHONPATH=/package"};
        link_.apply_to(command);
        return command;
    }

    void expect_version(const std::string& path)
    {
        const auto command = applied();
        EXPECT_THAT(command.environment, ElementsAre("LANG=C.UTF-8", "PYTHONPATH=" + path + ":/package"));
        EXPECT_THAT(command.readable, ElementsAre(path));
    }

    void expect_none()
    {
        const auto command = applied();
        EXPECT_THAT(command.environment, ElementsAre("LANG=C.UTF-8", "PYTHONPATH=/package"));
        EXPECT_THAT(command.readable, IsEmpty());
    }

    const test::captured_log log_;
    const test::temporary_directory home_;
    const std::filesystem::path folder_ = std::filesystem::canonical(home_.path());
    version_link link_{folder_ / "current"};
};

TEST_F(VersionLink, WithoutOneThereIsNothingToSay)
{
    expect_none();
    link_ = version_link({});
    expect_none();
    link_ = version_link("/no/such/folder/current");
    expect_none();
    EXPECT_EQ(log_.text(), "");
}

TEST_F(VersionLink, IsFollowedEachTime)
{
    link_to("versions/1");
    expect_version(version("1"));
    expect_version(version("1"));
    link_to(version("2"));
    expect_version(version("2"));
    std::filesystem::remove(folder_ / "current");
    expect_none();
    EXPECT_THAT(log_.text(),
                testing::ContainsRegex("yt-dlp of .*/versions/1\n.*yt-dlp of .*/versions/2\n.*has again\n$"));
}

TEST_F(VersionLink, MayLeadToAFile)
{
    std::ofstream(folder_ / "yt_dlp.whl") << "PK";
    link_to("yt_dlp.whl");
    expect_version(folder_ / "yt_dlp.whl");
}

TEST_F(VersionLink, ThatIsBrokenIsToldOfOnce)
{
    std::filesystem::create_directory(folder_ / "versions" / "empty");
    make_version("a:b");
    for (const auto& [target, words] : {std::pair("versions/9", "leads nowhere: No such file"),
                                        std::pair("current", "leads nowhere: Too many levels"),
                                        std::pair("versions/empty", "neither a folder with yt_dlp in it nor a file"),
                                        std::pair("versions/a:b", "a name with a colon")}) {
        link_to(target);
        expect_none();
        expect_none();
        EXPECT_THAT(log_.text(), HasSubstr(words));
    }
    EXPECT_EQ(std::ranges::count(log_.text(), '\n'), 4);
}

TEST_F(VersionLink, WorksWithoutAPathOfModules)
{
    link_to("versions/1");
    child_command command;
    link_.apply_to(command);
    EXPECT_THAT(command.environment, ElementsAre("PYTHONPATH=" + version("1")));
}

} // namespace
} // namespace ttsave::extraction
