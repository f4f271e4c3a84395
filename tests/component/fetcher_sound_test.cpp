// A video without sound is taken only when there is none with it; and what tells is asked for before it begins.

#include "media/fetcher.hpp"

#include "delivery/growing_file.hpp"
#include "mp4_boxes.hpp"
#include "origin.hpp"
#include "running.hpp"
#include "store/spool.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>

namespace ttsave::media {
namespace {

namespace asio = boost::asio;
using namespace test;
using testing::HasSubstr;

// More than libcurl hands over at a time.
const std::string media = box("mdat", media_data(200'000));
const std::string pictures = track("vide", 50);
const std::string both = pictures + track("soun", 70);

const std::string sounding = ftyp() + moov(both) + media;
const std::string mute = ftyp() + moov(pictures) + media;
const std::string sounding_late = ftyp() + media + moov(both);
const std::string mute_late = ftyp() + media + moov(pictures);

std::string without_length(const std::string& body)
{
    return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body;
}

class FetcherSound : public testing::Test {
protected:
    ~FetcherSound() override { std::filesystem::remove_all(directory_); }

    result<void> fetch(const std::vector<std::string>& hosts)
    {
        net::transfer_engine engine;
        fetcher own(engine, plain_http);
        auto request = origin_.request_for(hosts, 20'000'000);
        request.prefers_sound = prefers_sound_;
        asio::io_context context(1);
        return test::run(context, own.fetch(std::move(request), file_));
    }

    /// The whole file, unless the fetch fails.
    std::string fetched_from(const std::vector<std::string>& hosts)
    {
        const auto done = fetch(hosts);
        return done ? arrived() : done.error().message();
    }

    std::string arrived() const
    {
        std::string bytes(file_->size(), '\0');
        EXPECT_EQ(::pread(file_->descriptor(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
        return bytes;
    }

    /// The hosts that were asked, in order.
    std::string asked() const
    {
        std::string hosts;
        for (const auto& head : origin_.heads())
            hosts += head.substr(head.find("//") + 2, 1);
        return hosts;
    }

    /// Answers any range of `body`, and nothing else.
    void add_tail(const std::string& host, const std::string& body, const std::string& more = etag)
    {
        origin_.add(host, [=](scripted_connection& peer, const std::string& head) {
            const std::string asks = "Range: bytes=";
            const auto place = head.find(asks);
            if (place != std::string::npos)
                peer.send(range_of(body, std::stoul(head.substr(place + asks.size())), more));
        });
    }

    origin origin_;
    bool prefers_sound_ = true;
    const std::filesystem::path directory_ =
        std::filesystem::temp_directory_path() / ("ttsave-fetcher-sound-" + std::to_string(::getpid()));
    store::spool spool_{directory_, std::uint64_t{1} << 30};
    budget memory_{0};
    const std::shared_ptr<delivery::growing_file> file_ = std::make_shared<delivery::growing_file>(
        std::move(*spool_.create()), std::string(), delivery::file_services{spool_.room(), memory_});
};

TEST_F(FetcherSound, TheNextSourceReplacesASilentOne)
{
    origin_.add("a.example", whole(mute, etag));
    origin_.add("b.example", whole(sounding, etag));
    EXPECT_TRUE(fetched_from({"a.example", "b.example", "c.example"}) == sounding);
    EXPECT_EQ(asked(), "ab");
    EXPECT_EQ(file_->state().total, sounding.size());
}

TEST_F(FetcherSound, TheFirstOneIsTakenWhenEveryOneIsSilentOrFails)
{
    origin_.add("a.example", head_of("404 Not Found", 0));
    origin_.add("b.example", whole(mute));
    origin_.add("c.example", whole(ftyp() + moov(pictures) + box("mdat", "another")));
    origin_.add("d.example", head_of("503 Busy", 0));
    origin_.add("b.example", whole(mute));
    EXPECT_TRUE(fetched_from({"a.example", "b.example", "c.example", "d.example"}) == mute);
    EXPECT_EQ(asked(), "abcdb");
}

TEST_F(FetcherSound, AnotherSilentOneWhenTheFirstIsGone)
{
    const auto other = ftyp() + moov(pictures) + box("mdat", "another");
    origin_.add("a.example", whole(mute));
    origin_.add("b.example", whole(other));
    origin_.add("a.example", head_of("404 Not Found", 0));
    origin_.add("b.example", whole(other));
    EXPECT_TRUE(fetched_from({"a.example", "b.example"}) == other);
}

TEST_F(FetcherSound, ASilentOneIsAsGoodWhereNoSoundIsExpected)
{
    prefers_sound_ = false;
    origin_.add("a.example", whole(mute));
    EXPECT_TRUE(fetched_from({"a.example", "b.example"}) == mute);
    EXPECT_EQ(asked(), "a");
}

TEST_F(FetcherSound, NothingIsGivenToTheSinkBeforeTheIndexHasTold)
{
    const auto head = head_of("200 OK", mute.size());
    const auto index_ends = mute.size() - media.size();
    for (const std::size_t cut : {std::size_t{20}, index_ends - 1}) {
        origin_.add("a.example", head + mute.substr(0, cut));
        origin_.add("a.example", head_of("404 Not Found", 0));
    }
    EXPECT_FALSE(fetch({"a.example", "a.example"}));
    EXPECT_EQ(file_->size(), 0u);
    EXPECT_FALSE(file_->state().type.has_value());
}

TEST_F(FetcherSound, AnIndexThatIsTooLongIsNotWaitedFor)
{
    const auto file = ftyp() + box("moov", box("free", media_data(9'000'000)) + pictures) + media;
    origin_.add("a.example", whole(file));
    EXPECT_TRUE(fetched_from({"a.example", "b.example"}) == file);
    EXPECT_EQ(asked(), "a");
}

TEST_F(FetcherSound, AsksForAnIndexBehindTheMedia)
{
    origin_.add("a.example", whole(mute_late, etag));
    add_tail("a.example", mute_late);
    origin_.add("b.example", whole(sounding_late, etag));
    add_tail("b.example", sounding_late);
    EXPECT_TRUE(fetched_from({"a.example", "b.example"}) == sounding_late);
    EXPECT_EQ(asked(), "aabb");
    const auto tail = "Range: bytes=" + std::to_string(ftyp().size() + media.size()) + "-\r\n";
    for (const auto& head : {origin_.heads()[1], origin_.heads()[3]}) {
        EXPECT_THAT(head, HasSubstr(tail));
        EXPECT_THAT(head, HasSubstr("If-Range: \"one\"\r\n"));
        EXPECT_THAT(head, HasSubstr("Referer: page\r\n"));
    }
}

TEST_F(FetcherSound, AFileWhoseTailCannotBeHadIsTakenAsItIs)
{
    const std::vector<std::string> answers{
        "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n",
        whole(mute_late, etag),
        range_of(mute_late, ftyp().size() + media.size(), "ETag: \"other\"\r\n"),
        range_of(mute_late, ftyp().size() + media.size() + 1, etag),
        range_of(mute_late + 'x', ftyp().size() + media.size(), etag),
        head_of("302 Found", 0, "Location: http://c.example/\r\n"),
        "",
    };
    for (const auto& answer : answers) {
        const delivery::file_services services{spool_.room(), memory_};
        const auto file =
            std::make_shared<delivery::growing_file>(std::move(*spool_.create()), std::string(), services);
        origin_.add("a.example", whole(mute_late, etag));
        origin_.add("a.example", answer);
        net::transfer_engine engine;
        fetcher own(engine, plain_http);
        auto request = origin_.request_for({"a.example", "b.example"});
        request.prefers_sound = true;
        asio::io_context context(1);
        EXPECT_TRUE(test::run(context, own.fetch(std::move(request), file))) << answer.substr(0, 50);
        EXPECT_EQ(file->size(), mute_late.size());
    }
    EXPECT_EQ(asked(), "aaaaaaaaaaaaaa");
}

TEST_F(FetcherSound, ATailIsNotAskedForWhereNothingProvesThatItIsOfTheSameFile)
{
    origin_.add("a.example", whole(mute_late));
    EXPECT_TRUE(fetched_from({"a.example", "b.example"}) == mute_late);
    EXPECT_EQ(asked(), "a");
}

TEST_F(FetcherSound, ATailThatDripsIsNotWaitedForLong)
{
    origin_.add("a.example", whole(sounding_late, etag));
    origin_.add("a.example", [&](scripted_connection& peer, const std::string&) {
        const auto response = range_of(sounding_late, ftyp().size() + media.size(), etag);
        const auto body = response.find("\r\n\r\n") + 4;
        peer.send(response.substr(0, body));
        // Never long enough without a byte to be a stall, and many times as long as one in all.
        for (auto at = body; at < response.size() && peer.is_open_for(std::chrono::milliseconds(300)); ++at)
            peer.send(response.substr(at, 1));
    });
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(fetched_from({"a.example", "b.example"}) == sounding_late);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST_F(FetcherSound, CanBeCancelledDuringTheLookAtTheTail)
{
    using namespace asio::experimental::awaitable_operators;
    net::transfer_engine engine;
    fetcher own(engine, plain_http);
    async_condition tail_is_asked_for;
    std::mutex mutex;
    bool is_asked_for = false;
    origin_.add("a.example", [](scripted_connection& peer, const std::string&) {
        peer.send(whole(sounding_late, etag));
        peer.wait_for_close(); // the origin's destructor waits for this
    });
    origin_.add("a.example", [&](scripted_connection& peer, const std::string&) {
        {
            const std::lock_guard lock(mutex);
            is_asked_for = true;
        }
        tail_is_asked_for.notify_all();
        peer.wait_for_close();
    });
    auto request = origin_.request_for({"a.example"});
    request.prefers_sound = true;
    request.stall_timeout = std::chrono::seconds(600);
    const auto asked_for = [&]() -> asio::awaitable<void> {
        std::unique_lock lock(mutex);
        while (!is_asked_for)
            co_await tail_is_asked_for.wait(lock);
    };
    const auto both_ways = [&]() -> asio::awaitable<bool> {
        const auto ended = co_await (own.fetch(request, file_) || asked_for());
        co_return ended.index() == 1;
    };
    asio::io_context context(1);
    EXPECT_TRUE(test::run(context, both_ways()));
    EXPECT_EQ(file_->size(), 0u);
}

TEST_F(FetcherSound, AFileOfUnknownSizeThatEndsInsideABoxIsNotComplete)
{
    prefers_sound_ = false;
    origin_.add("a.example", without_length(sounding.substr(0, sounding.size() - 1)));
    EXPECT_EQ(fetch({"a.example", "b.example"}).error(), errc::media_unavailable);
    EXPECT_EQ(asked(), "a"); // it had begun
}

TEST_F(FetcherSound, AFileOfUnknownSizeThatEndsBeforeItHasBegunIsReplaced)
{
    origin_.add("a.example", without_length(sounding.substr(0, 300)));
    origin_.add("b.example", without_length(sounding));
    EXPECT_TRUE(fetched_from({"a.example", "b.example"}) == sounding);
    EXPECT_EQ(file_->state().total, std::nullopt);
}

TEST_F(FetcherSound, AShortFileOfUnknownSizeThatEndsInsideABoxIsReplaced)
{
    prefers_sound_ = false;
    origin_.add("a.example", without_length(sounding.substr(0, 12)));
    origin_.add("b.example", without_length(mute));
    EXPECT_TRUE(fetched_from({"a.example", "b.example"}) == mute);
}

} // namespace
} // namespace ttsave::media
