// Signs of life over a real socket, from threads that live and threads that are stuck.

#include "app/watchdog.hpp"

#include "core/task_group.hpp"
#include "notify_socket.hpp"
#include "running.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace ttsave::app {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::Optional;

std::string abstract_name(const std::string& test)
{
    return "@ttsave-" + test + "-" + std::to_string(::getpid());
}

TEST(Notifier, SpeaksToPathsAndAbstractNames)
{
    const auto path = std::filesystem::temp_directory_path() / ("ttsave-notify-" + std::to_string(::getpid()));
    for (const std::string& name : {path.string(), abstract_name("notifier")}) {
        const test::notify_socket manager(name);
        const notifier told(name);
        told.beat();
        EXPECT_THAT(manager.receive(), Optional(std::string("WATCHDOG=1")));
        told.ready("listening on a:1");
        EXPECT_THAT(manager.receive(), Optional(std::string("READY=1\nSTATUS=listening on a:1")));
        told.reloading();
        EXPECT_THAT(manager.receive(),
                    Optional(testing::MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=.*")));
        told.stopping("the end", 90s);
        EXPECT_THAT(manager.receive(),
                    Optional(std::string("STOPPING=1\nEXTEND_TIMEOUT_USEC=90000000\nSTATUS=the end")));
    }
    std::filesystem::remove(path);
}

TEST(Notifier, CanDoWithoutAManager)
{
    for (const std::string& name : {std::string(), std::string("relative"), std::string("vsock:2:1234"),
                                    "/" + std::string(200, 'x'), abstract_name("nobody-is-there")})
        notifier(name).beat();
}

class Watchdog : public testing::Test {
protected:
    static constexpr auto limit = 100ms;

    ~Watchdog() override
    {
        group_.cancel();
        asio::co_spawn(first_.get(), joined(), asio::use_future).get();
    }

    asio::awaitable<void> joined() { co_await group_.join(); }

    void start() { group_.spawn(first_.get().get_executor(), dog_.run(), "watchdog"); }

    /// Occupies a thread until `release`.
    std::shared_ptr<std::promise<void>> block(test::running_context& thread)
    {
        auto release = std::make_shared<std::promise<void>>();
        std::promise<void> begun;
        asio::post(thread.get(), [&begun, released = release->get_future().share()] {
            begun.set_value();
            released.wait();
        });
        begun.get_future().get();
        return release;
    }

    /// How many signs come within a time in which many are due.
    int count_signs()
    {
        int count = 0;
        const auto end = std::chrono::steady_clock::now() + 5 * limit;
        while (std::chrono::steady_clock::now() < end)
            count += manager_.receive(limit / 10) ? 1 : 0;
        return count;
    }

    test::notify_socket manager_{abstract_name("watchdog")};
    const notifier told_{manager_.name()};
    test::running_context first_;
    test::running_context second_;
    test::running_context third_;
    task_group group_;
    const watchdog dog_{
        {first_.get().get_executor(), second_.get().get_executor(), third_.get().get_executor()}, limit, told_};
};

TEST_F(Watchdog, GivesSignsWhileEveryThreadAnswers)
{
    const auto begin = std::chrono::steady_clock::now();
    start();
    for (int count = 0; count < 5; ++count)
        EXPECT_THAT(manager_.receive(), Optional(std::string("WATCHDOG=1")));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 4 * limit / 2);
}

TEST_F(Watchdog, IsSilentAsLongAsAnyThreadIsStuck)
{
    start();
    for (auto* thread : {&first_, &second_, &third_}) {
        ASSERT_TRUE(manager_.receive());
        const auto release = block(*thread);
        while (manager_.receive(0ms)) {
        }
        EXPECT_LE(count_signs(), 1) << "the one that had passed the thread before";
        release->set_value();
        EXPECT_TRUE(manager_.receive()) << "it goes on when the thread does";
    }
}

TEST_F(Watchdog, OfNobodyGivesNoSigns)
{
    const watchdog unwatched({first_.get().get_executor()}, 0s, told_);
    asio::co_spawn(first_.get(), unwatched.run(), asio::use_future).get();
    EXPECT_EQ(manager_.receive(0s), std::nullopt);
}

} // namespace
} // namespace ttsave::app
