// A program tries to get out of the boxes that extractors and ffmpeg run in, as they are in production, and of none.

#include "app/extractor_command.hpp"
#include "core/child_process.hpp"
#include "core/socket_pair.hpp"
#include "egress/gate.hpp"
#include "escape_attempts.hpp"
#include "media/ffmpeg.hpp"
#include "running.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace ttsave::escape {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string text_of(const std::string& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Escape : public testing::Test {
protected:
    Escape()
    {
        std::filesystem::create_directories(folder_);
        for (const char* name : {"cookies", "secret", "truncated", "renamed", "unlinked", "package/__init__.py"}) {
            std::filesystem::create_directories((folder_ / name).parent_path());
            std::ofstream(folder_ / name) << "text";
        }
        file_ = unique_fd(::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
        settings_.python = "/usr/bin/python3";
        settings_.worker_max_jobs = 1000;
        settings_.worker_max_rss_bytes = std::uint64_t{512} << 20;
        settings_.extractor_dir = folder_ / "package";
        settings_.cookies_file = folder_ / "cookies";
        ffmpeg_.program = settings_.python;
    }
    ~Escape() override
    {
        test::run(context_, gate_.stop());
        test::run(context_, gate_by_port_.stop());
        std::filesystem::remove_all(folder_);
    }

    child_command extractor() { return app::extractor_command(settings_, {}); }
    child_command extractor_by_itself() { return app::extractor_command(settings_, gate_by_port_.port()); }
    child_command encoder() { return media::ffmpeg_command(ffmpeg_, media::ffmpeg_box(ffmpeg_), {}); }

    /// What comes of the attempts when the program is started like that, by their names.
    std::map<std::string, std::string> outcomes(child_command command, const std::string& names)
    {
        command.descriptors = {file_.get(), handed_.theirs.get()};
        command.arguments = {"-c",
                             text_of(TTSAVE_ESCAPE_WORKER),
                             "only=" + names,
                             "folder=" + folder_.string(),
                             "package=" + (folder_ / "package").string(),
                             "port=" + std::to_string(listener_.local_endpoint().port()),
                             "gate=" + std::to_string(*gate_by_port_.port()),
                             "handed=" + std::to_string(handed_.theirs.get()),
                             "abstract=" + abstract_name_,
                             "file=" + std::to_string(file_.get()),
                             "too_far=" + std::to_string(ffmpeg_.max_file_bytes)};
        for (const auto& [name, number] : numbers)
            command.arguments.push_back(std::string("SYS_") + name + '=' + std::to_string(number));
        auto started = child_process::start(context_.get_executor(), command);
        std::map<std::string, std::string> found;
        if (!started) {
            ADD_FAILURE() << started.error().message();
            return found;
        }
        const auto pass = gate_.admit((*started)->take_connects());
        std::istringstream lines(test::run(context_, read_all(**started)));
        for (std::string name, outcome; lines >> name >> outcome;)
            found[name] = outcome;
        test::run(context_, (*started)->stop(test::patience));
        return found;
    }

    static asio::awaitable<std::string> read_all(child_process& child)
    {
        std::string text;
        auto space = asio::dynamic_buffer(text);
        co_await asio::async_read(child.output(), space, asio::as_tuple(asio::use_awaitable));
        while (const auto line = co_await child.read_log_line())
            ADD_FAILURE() << *line;
        co_return text;
    }

    void expect_stopped(const child_command& command, const char* attempt::*by)
    {
        const auto& walls = supported_confinement();
        std::string names;
        for (const auto& each : attempts)
            names += (names.empty() ? "" : ",") + std::string(each.name);
        auto found = outcomes(command, names);
        for (const auto& each : attempts) {
            const bool is_there = each.*by == filter ? walls.filter : each.*by == landlock ? walls.landlock >= 4 : true;
            if (is_there) {
                EXPECT_EQ(found[each.name], each.*by) << each.name;
            }
        }
    }

    void expect_that_nobody_has_come()
    {
        error_code ec;
        listener_.non_blocking(true);
        listener_.accept(ec);
        EXPECT_EQ(ec, asio::error::would_block);
        abstract_.non_blocking(true);
        abstract_.accept(ec);
        EXPECT_EQ(ec, asio::error::would_block);
    }

    void expect_limits(const child_command& command)
    {
        const auto& limits = command.limits;
        auto found = outcomes(command, "limit_AS,limit_CORE,limit_CPU,limit_FSIZE,limit_NOFILE");
        EXPECT_EQ(found["limit_AS"], std::to_string(limits.memory_bytes.value()));
        EXPECT_THAT(found["limit_CORE"], testing::AnyOf("1", "0")); // 0 where we may have none ourselves
        EXPECT_EQ(found["limit_CPU"], std::to_string(limits.cpu.value().count()));
        EXPECT_EQ(found["limit_FSIZE"], std::to_string(limits.file_bytes.value()));
        EXPECT_EQ(found["limit_NOFILE"], std::to_string(limits.descriptors.value()));
    }

    static constexpr std::pair<const char*, long> numbers[] = {{"add_key", SYS_add_key},
                                                               {"bpf", SYS_bpf},
                                                               {"init_module", SYS_init_module},
                                                               {"io_uring_setup", SYS_io_uring_setup},
                                                               {"kcmp", SYS_kcmp},
                                                               {"kexec_load", SYS_kexec_load},
                                                               {"keyctl", SYS_keyctl},
                                                               {"move_mount", SYS_move_mount},
                                                               {"open_by_handle_at", SYS_open_by_handle_at},
                                                               {"perf_event_open", SYS_perf_event_open},
                                                               {"pivot_root", SYS_pivot_root},
                                                               {"process_vm_readv", SYS_process_vm_readv},
                                                               {"process_vm_writev", SYS_process_vm_writev},
                                                               {"seccomp", SYS_seccomp},
                                                               {"userfaultfd", SYS_userfaultfd}};

    asio::io_context context_{1};
    egress::gate gate_{context_.get_executor(), {}};
    egress::gate gate_by_port_{context_.get_executor(), {}, egress::entry::port};
    tcp::acceptor listener_{context_, {asio::ip::address_v4::loopback(), 0}};
    socket_pair handed_ = make_socket_pair().value();
    const std::string abstract_name_ = "ttsave-escape-" + std::to_string(::getpid());
    asio::local::stream_protocol::acceptor abstract_{context_, std::string(1, '\0') + abstract_name_};
    const std::filesystem::path folder_ = testing::TempDir() + "escape-test-" + std::to_string(::getpid());
    unique_fd file_;
    settings::settings settings_;
    media::ffmpeg_options ffmpeg_;
};

TEST_F(Escape, IsPossibleWithoutABox)
{
    std::string names;
    for (const auto& each : attempts)
        if (each.is_possible)
            names += (names.empty() ? "" : ",") + std::string(each.name);
    auto found = outcomes({settings_.python, {}, {"PATH=/usr/bin:/bin"}}, names);
    for (const auto& each : attempts) {
        if (each.is_possible) {
            EXPECT_EQ(found[each.name], "done") << each.name;
        }
    }
}

TEST_F(Escape, OfAnExtractorFails)
{
    expect_stopped(extractor(), &attempt::of_extractor);
    expect_limits(extractor());
}

TEST_F(Escape, OneProcessMayReadMoreThanItsBoxSays)
{
    auto command = extractor();
    if (supported_confinement().landlock > 0) {
        EXPECT_NE(outcomes(command, "read_keys")["read_keys"], "done");
    }
    command.readable = {folder_ / "secret"};
    EXPECT_EQ(outcomes(command, "read_keys")["read_keys"], "done");
    EXPECT_NE(outcomes(command, "overwrite")["overwrite"], "done");
}

TEST_F(Escape, ReachesNobodyWhoListens)
{
    outcomes(extractor(), "connect,connect_abstract,connect_while_sending,connect_from_threads");
    expect_that_nobody_has_come();
}

TEST_F(Escape, OfAnExtractorThatConnectsByItselfEndsAtOnePort)
{
    if (!supported_confinement().filter || supported_confinement().landlock < landlock_rules::network_version)
        GTEST_SKIP() << "there is nothing here to stop it";
    std::string names;
    for (const auto& [name, expected] : connects_by_itself)
        names += (names.empty() ? "" : ",") + name;
    EXPECT_EQ(outcomes(extractor_by_itself(), names), connects_by_itself);
    expect_that_nobody_has_come();
}

TEST_F(Escape, ByDyingWhileItConnectsHarmsNobody)
{
    for (int round = 0; round < 3; ++round)
        outcomes(extractor(), "die_while_connecting");
    EXPECT_EQ(outcomes(extractor(), "connect")["connect"], gate);
}

TEST_F(Escape, OfFfmpegFails)
{
    expect_stopped(encoder(), &attempt::of_ffmpeg);
    expect_limits(encoder());
}

} // namespace
} // namespace ttsave::escape
