// A sink that takes nothing for a while. The scripted server plays the proxy.

#include "net/transfer_engine.hpp"

#include "recording_sink.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>

namespace ttsave::net {
namespace {

using namespace test;

/// Bytes of which each place is different from those around it.
std::string body_of(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t index = 0; index < size; ++index)
        bytes[index] = static_cast<char>(index * 2'654'435'761u >> 24);
    return bytes;
}

std::string whole(const std::string& body)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(TransferPause, ABodyThatIsTakenBitByBitArrivesWholeAndInOrder)
{
    const std::string body = body_of(2'000'000);
    std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t begin = 0; begin < body.size(); begin += 1000)
        chunked += "3e8\r\n" + body.substr(begin, 1000) + "\r\n";
    chunked += "0\r\n\r\n";
    const auto until_close = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body;
    for (const auto& response : {whole(body), chunked, until_close}) {
        scripted_server server([&](scripted_connection& peer, std::size_t) { answer(peer, response); });
        transfer_engine engine;
        const auto sink = std::make_shared<recording_sink>();
        sink->room = 0;
        const auto transfer = engine.start(get(server, "http://cdn.example/"), sink);
        int pauses = 0;
        while (sink->wait_for_pause()) {
            ++pauses;
            sink->make_room(40'000);
            transfer.resume();
        }
        EXPECT_EQ(sink->wait(), transfer_end::complete);
        EXPECT_TRUE(sink->body == body);
        EXPECT_GE(pauses, 50);
    }
}

TEST(TransferPause, APausedTransferLeavesTheBodyWithThePeer)
{
    // Far more than the sockets of both sides hold.
    const std::string body = body_of(64'000'000);
    std::promise<std::size_t> blocked_after;
    scripted_server server([&](scripted_connection& peer, std::size_t) {
        peer.read_head();
        const std::string response = whole(body);
        const auto sent = peer.send_until_blocked(response);
        blocked_after.set_value(sent);
        peer.send(std::string_view(response).substr(sent));
    });
    transfer_engine engine;
    const auto sink = std::make_shared<recording_sink>();
    sink->room = 100'000;
    const auto transfer = engine.start(get(server, "http://cdn.example/"), sink);
    EXPECT_LT(blocked_after.get_future().get(), body.size() / 2);
    EXPECT_LE(sink->size(), 100'000u);
    sink->make_room(body.size());
    transfer.resume();
    EXPECT_EQ(sink->wait(), transfer_end::complete);
    EXPECT_TRUE(sink->body == body);
}

TEST(TransferPause, APauseIsNoStall)
{
    scripted_server server([](scripted_connection& peer, std::size_t) {
        answer(peer, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        peer.wait_for_close();
    });
    transfer_engine engine;
    auto request = get(server, "http://cdn.example/");
    request.stall_timeout = std::chrono::milliseconds(300);
    const auto paused = std::make_shared<recording_sink>();
    paused->room = 0;
    const auto transfer = engine.start(request, paused);
    ASSERT_TRUE(paused->wait_for_pause());
    // That one stalls tells that enough time has passed.
    const auto stalled = std::make_shared<recording_sink>();
    const auto other = engine.start(request, stalled);
    EXPECT_EQ(stalled->wait(), transfer_end::timed_out);
    ASSERT_FALSE(paused->has_ended());
    paused->make_room(5);
    transfer.resume();
    paused->wait_for_body(5);
    // Once it goes on, it may stall again.
    EXPECT_EQ(paused->wait(), transfer_end::timed_out);
    EXPECT_EQ(paused->body, "hello");
}

TEST(TransferPause, APausedTransferCanBeDroppedOrStopped)
{
    scripted_server server([](scripted_connection& peer, std::size_t) {
        answer(peer, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        peer.wait_for_close(); // the server's destructor waits for this
    });
    transfer_engine engine;
    const auto paused = [] {
        auto sink = std::make_shared<recording_sink>();
        sink->room = 0;
        return sink;
    };
    const auto dropped = paused();
    {
        const auto transfer = engine.start(get(server, "http://cdn.example/"), dropped);
        ASSERT_TRUE(dropped->wait_for_pause());
    }
    const auto stopped = paused();
    stopped->stop_at = 1;
    const auto transfer = engine.start(get(server, "http://cdn.example/"), stopped);
    ASSERT_TRUE(stopped->wait_for_pause());
    stopped->make_room(5);
    transfer.resume();
    EXPECT_EQ(stopped->wait(), transfer_end::stopped);
    EXPECT_FALSE(dropped->has_ended());
    transfer.resume(); // of one that has ended
}

TEST(TransferPause, AConnectionThatBreaksDuringAPauseIsNoticedAfterwards)
{
    const auto sink = std::make_shared<recording_sink>();
    sink->room = 0;
    std::promise<void> has_broken;
    scripted_server server([&](scripted_connection& peer, std::size_t) {
        answer(peer, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        sink->wait_for_pause();
        peer.reset();
        has_broken.set_value();
    });
    transfer_engine engine;
    const auto transfer = engine.start(get(server, "http://cdn.example/"), sink);
    has_broken.get_future().wait();
    EXPECT_FALSE(sink->has_ended());
    sink->make_room(10);
    transfer.resume();
    EXPECT_EQ(sink->wait(), transfer_end::broken);
    EXPECT_EQ(sink->body, "hello");
}

} // namespace
} // namespace ttsave::net
