// The scripted server plays the proxy, since without one the engine opens no connection to loopback.

#include "net/transfer_engine.hpp"

#include "recording_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ttsave::net {
namespace {

using namespace test;

TEST(TransferEngine, DeliversHeadBodyAndEnd)
{
    std::string seen;
    scripted_server server([&](scripted_connection& peer, std::size_t) {
        seen = peer.read_head();
        peer.send("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 5\r\nX-Odd:  spaced \r\n\r\nhello");
        peer.wait_for_close();
    });
    const auto sink = std::make_shared<recording_sink>();
    {
        transfer_engine engine;
        auto request = get(server, "http://cdn.example/file?x=1");
        request.headers = {"Referer: https://www.tiktok.com/"};
        request.cookies = "a=b";
        request.range = "7-";
        const auto transfer = engine.start(std::move(request), sink);
        EXPECT_EQ(sink->wait(), transfer_end::complete);
    }
    EXPECT_EQ(sink->head.status, 200);
    EXPECT_EQ(sink->head.field("etag"), "\"a\"");
    EXPECT_EQ(sink->head.field("x-odd"), "spaced");
    EXPECT_EQ(sink->head.content_length(), 5u);
    EXPECT_EQ(sink->body, "hello");
    EXPECT_THAT(seen, testing::StartsWith("GET http://cdn.example/file?x=1 HTTP/1.1\r\n"));
    EXPECT_THAT(seen, testing::HasSubstr("Referer: https://www.tiktok.com/\r\n"));
    EXPECT_THAT(seen, testing::HasSubstr("Cookie: a=b\r\n"));
    EXPECT_THAT(seen, testing::HasSubstr("Range: bytes=7-\r\n"));
}

TEST(TransferEngine, RedirectsAreAnswersLikeAnyOther)
{
    scripted_server server([](scripted_connection& peer, std::size_t) {
        answer(peer, "HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n");
    });
    const auto sink = std::make_shared<recording_sink>();
    transfer_engine engine;
    const auto transfer = engine.start(get(server, "http://cdn.example/"), sink);
    EXPECT_EQ(sink->wait(), transfer_end::complete);
    EXPECT_EQ(sink->head.status, 302);
    EXPECT_EQ(sink->head.field("location"), "http://10.0.0.1/");
    EXPECT_EQ(server.connections(), 1u);
}

TEST(TransferEngine, ABodyCutShortIsBroken)
{
    scripted_server server([](scripted_connection& peer, std::size_t) {
        answer(peer, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    });
    const auto sink = std::make_shared<recording_sink>();
    transfer_engine engine;
    const auto transfer = engine.start(get(server, "http://cdn.example/"), sink);
    EXPECT_EQ(sink->wait(), transfer_end::broken);
    EXPECT_EQ(sink->body, "hello");
}

TEST(TransferEngine, AStalledTransferTimesOut)
{
    scripted_server server([](scripted_connection& peer, std::size_t) {
        answer(peer, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        peer.wait_for_close();
    });
    const auto sink = std::make_shared<recording_sink>();
    transfer_engine engine;
    auto request = get(server, "http://cdn.example/");
    request.stall_timeout = std::chrono::seconds(1);
    const auto transfer = engine.start(std::move(request), sink);
    EXPECT_EQ(sink->wait(), transfer_end::timed_out);
}

TEST(TransferEngine, StopsWhenTheSinkRefuses)
{
    scripted_server server([](scripted_connection& peer, std::size_t) {
        answer(peer, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhello");
        peer.wait_for_close();
    });
    transfer_engine engine;
    const auto at_head = std::make_shared<recording_sink>();
    at_head->accepts_head = false;
    const auto first = engine.start(get(server, "http://cdn.example/"), at_head);
    EXPECT_EQ(at_head->wait(), transfer_end::stopped);
    const auto at_body = std::make_shared<recording_sink>();
    at_body->stop_at = 1;
    const auto second = engine.start(get(server, "http://cdn.example/"), at_body);
    EXPECT_EQ(at_body->wait(), transfer_end::stopped);
}

TEST(TransferEngine, DroppingTheHandleClosesTheConnection)
{
    scripted_server server([](scripted_connection& peer, std::size_t) {
        answer(peer, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        peer.wait_for_close(); // the server's destructor waits for this
    });
    transfer_engine engine;
    const auto sink = std::make_shared<recording_sink>();
    {
        const auto transfer = engine.start(get(server, "http://cdn.example/"), sink);
        sink->wait_for_body(5);
    }
    // The engine works in order: once a later transfer has ended, the drop has long been carried out.
    const auto later = std::make_shared<recording_sink>();
    const auto transfer = engine.start(get(server, "ftp://not.allowed/"), later);
    EXPECT_EQ(later->wait(), transfer_end::broken);
    EXPECT_FALSE(sink->end.has_value());
}

TEST(TransferEngine, WithoutAProxyNoPrivateAddressIsConnectedTo)
{
    scripted_server server([](scripted_connection& peer, std::size_t) { answer(peer, "HTTP/1.1 200 OK\r\n\r\n"); });
    transfer_engine engine;
    for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
        const auto sink = std::make_shared<recording_sink>();
        auto request = get(server, "http://" + host + ':' + std::to_string(server.port()) + '/');
        request.way = route::direct();
        const auto transfer = engine.start(std::move(request), sink);
        EXPECT_EQ(sink->wait(), transfer_end::broken) << host;
    }
    EXPECT_EQ(server.connections(), 0u);
}

TEST(TransferEngine, WithoutAChosenWayNothingIsConnectedTo)
{
    const scripted_server server(
        [](scripted_connection& peer, std::size_t) { answer(peer, "HTTP/1.1 200 OK\r\n\r\n"); });
    transfer_engine engine;
    for (const auto* host : {"127.0.0.1", "8.0.0.1"}) {
        const auto sink = std::make_shared<recording_sink>();
        auto request = get(server, std::string("http://") + host + ':' + std::to_string(server.port()) + '/');
        request.way = {};
        const auto transfer = engine.start(std::move(request), sink);
        EXPECT_EQ(sink->wait(), transfer_end::broken) << host;
    }
    EXPECT_EQ(server.connections(), 0u);
}

} // namespace
} // namespace ttsave::net
