// A sink that has no room makes the transfer stand still.

#include "media/fetcher.hpp"

#include "core/async_condition.hpp"
#include "origin.hpp"
#include "running.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <gmock/gmock.h>

#include <future>
#include <mutex>
#include <optional>

namespace ttsave::media {
namespace {

namespace asio = boost::asio;
using namespace test;

/// Takes a little at a time, and asks for more only when `drain` is called.
class narrow_sink : public media_sink {
public:
    explicit narrow_sink(std::size_t room) : room_(room) {}

    void begin(const media_type&, std::optional<std::uint64_t>) override {}
    result<void> append(std::span<const char> bytes) override
    {
        const std::lock_guard lock(mutex_);
        if (is_broken_)
            return errc::storage_failed;
        appended_without_room_ += untaken_ >= room_ ? 1 : 0;
        bytes_.append(bytes.data(), bytes.size());
        untaken_ += bytes.size();
        return result<void>();
    }
    bool has_room() const override
    {
        const std::lock_guard lock(mutex_);
        return untaken_ < room_ && !is_broken_;
    }
    asio::awaitable<void> room() override
    {
        std::unique_lock lock(mutex_);
        ++pauses_;
        changed_.notify_all();
        while (untaken_ >= room_ && !is_broken_)
            co_await changed_.wait(lock);
    }
    bool equals(std::uint64_t offset, std::span<const char> bytes) const override
    {
        const std::lock_guard lock(mutex_);
        return std::string_view(bytes_).substr(offset, bytes.size()) == std::string_view(bytes.data(), bytes.size());
    }
    std::uint64_t size() const override
    {
        const std::lock_guard lock(mutex_);
        return bytes_.size();
    }

    /// Takes out what is there whenever the transfer is paused.
    asio::awaitable<void> drain()
    {
        std::unique_lock lock(mutex_);
        for (int seen = 0;;) {
            while (pauses_ == seen)
                co_await changed_.wait(lock);
            seen = pauses_;
            untaken_ = 0;
            changed_.notify_all();
        }
    }
    asio::awaitable<void> paused()
    {
        std::unique_lock lock(mutex_);
        while (pauses_ == 0)
            co_await changed_.wait(lock);
    }
    void make_room(std::size_t bytes)
    {
        const std::lock_guard lock(mutex_);
        room_ += bytes;
        changed_.notify_all();
    }
    void break_down()
    {
        const std::lock_guard lock(mutex_);
        is_broken_ = true;
        changed_.notify_all();
    }

    const std::string& bytes() const { return bytes_; }
    int pauses() const { return pauses_; }
    int appended_without_room() const { return appended_without_room_; }

private:
    mutable std::mutex mutex_;
    async_condition changed_;
    std::size_t room_;
    std::string bytes_;
    std::size_t untaken_ = 0;
    int pauses_ = 0;
    int appended_without_room_ = 0;
    bool is_broken_ = false;
};

class FetcherRoom : public testing::Test {
protected:
    /// Fetches into `sink` while `meanwhile` runs, which may go on for longer. Nothing when that has ended first.
    std::optional<result<void>> fetch_while(std::vector<std::string> hosts, std::shared_ptr<narrow_sink> sink,
                                            asio::awaitable<void> meanwhile)
    {
        using namespace asio::experimental::awaitable_operators;
        net::transfer_engine engine;
        fetcher own(engine, plain_http);
        asio::io_context context(1);
        auto both = [&]() -> asio::awaitable<std::optional<result<void>>> {
            auto ended = co_await (own.fetch(origin_.request_for(hosts), std::move(sink)) || std::move(meanwhile));
            if (ended.index() == 0)
                co_return std::get<0>(std::move(ended));
            co_return std::nullopt;
        };
        return test::run(context, both());
    }

    origin origin_;
};

TEST_F(FetcherRoom, WaitsForRoomInTheSink)
{
    const auto video = video_of(900'000);
    origin_.add("a.example", whole(video, etag));
    const auto sink = std::make_shared<narrow_sink>(10'000);
    const auto ended = fetch_while({"a.example"}, sink, sink->drain());
    ASSERT_TRUE(ended && *ended);
    EXPECT_TRUE(sink->bytes() == video);
    EXPECT_GE(sink->pauses(), 20);
    EXPECT_EQ(sink->appended_without_room(), 0);
}

TEST_F(FetcherRoom, ResumesWhatBrokeWhileTheSinkWasFull)
{
    const auto video = video_of(900'000);
    const auto sink = std::make_shared<narrow_sink>(100'000);
    std::promise<void> has_broken;
    asio::io_context paused(1);
    origin_.add("a.example", [&](scripted_connection& peer, const std::string&) {
        peer.send(head_of("200 OK", video.size(), etag) + video.substr(0, 300'000));
        test::run(paused, sink->paused());
        peer.reset();
        has_broken.set_value();
    });
    origin_.add("a.example", [&](scripted_connection& peer, const std::string& head) {
        const auto begin = head.find("Range: bytes=") + 13;
        peer.send(range_of(video, std::stoul(head.substr(begin)), etag));
    });
    const auto room_after_the_break = [&]() -> asio::awaitable<void> {
        co_await sink->paused();
        has_broken.get_future().wait();
        sink->make_room(video.size());
        co_await sink->drain();
    };
    const auto ended = fetch_while({"a.example"}, sink, room_after_the_break());
    ASSERT_TRUE(ended && *ended);
    EXPECT_TRUE(sink->bytes() == video);
    EXPECT_EQ(origin_.heads().size(), 2u);
}

TEST_F(FetcherRoom, ASinkThatWillNeverHaveRoomAgainEndsTheFetch)
{
    origin_.add("a.example", whole(video_of(900'000), etag));
    const auto sink = std::make_shared<narrow_sink>(10'000);
    const auto break_down = [&]() -> asio::awaitable<void> {
        co_await sink->paused();
        sink->break_down();
        co_await sink->drain();
    };
    const auto ended = fetch_while({"a.example"}, sink, break_down());
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->error(), errc::storage_failed);
}

TEST_F(FetcherRoom, CanBeCancelledWhileTheSinkIsFull)
{
    origin_.add("a.example", [](scripted_connection& peer, const std::string&) {
        peer.send(whole(video_of(900'000), etag));
        peer.wait_for_close(); // the origin's destructor waits for this
    });
    const auto sink = std::make_shared<narrow_sink>(10'000);
    EXPECT_FALSE(fetch_while({"a.example"}, sink, sink->paused()));
    EXPECT_LT(sink->size(), 100'000u);
}

} // namespace
} // namespace ttsave::media
