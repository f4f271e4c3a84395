#pragma once

// Keeps what a transfer brings, for the test's thread to look at; takes only as much as the test lets it.

#include "net/transfer_engine.hpp"
#include "scripted_server.hpp"
#include "ways.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ttsave::test {

class recording_sink : public net::transfer_sink {
public:
    bool on_head(const net::response_head& got) override
    {
        const std::lock_guard lock(mutex_);
        head = got;
        return accepts_head;
    }

    net::flow on_data(std::span<const char> bytes) override
    {
        const std::lock_guard lock(mutex_);
        changed_.notify_all();
        is_paused_ = body.size() + bytes.size() > room;
        if (is_paused_)
            return net::flow::pause;
        body.append(bytes.data(), bytes.size());
        return body.size() < stop_at ? net::flow::go_on : net::flow::stop;
    }

    void on_end(net::transfer_end got, std::string_view) override
    {
        const std::lock_guard lock(mutex_);
        end = got;
        changed_.notify_all();
    }

    net::transfer_end wait()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return end.has_value(); });
        return *end;
    }

    void wait_for_body(std::size_t bytes)
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this, bytes] { return body.size() >= bytes; });
    }

    /// Waits until the transfer is paused, or has ended.
    bool wait_for_pause()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return is_paused_ || end; });
        return is_paused_;
    }

    /// Room for so many bytes more; the transfer is to be resumed.
    void make_room(std::size_t bytes)
    {
        const std::lock_guard lock(mutex_);
        room = body.size() + bytes;
        is_paused_ = false;
    }

    bool has_ended()
    {
        const std::lock_guard lock(mutex_);
        return end.has_value();
    }

    std::size_t size()
    {
        const std::lock_guard lock(mutex_);
        return body.size();
    }

    // To be set before the start; to be read after the end.
    bool accepts_head = true;
    std::size_t room = std::string::npos;
    std::size_t stop_at = std::string::npos;
    net::response_head head;
    std::string body;
    std::optional<net::transfer_end> end;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_paused_ = false;
};

/// A request through the proxy that `server` plays.
inline net::transfer_request get(const scripted_server& server, std::string url)
{
    net::transfer_request request;
    request.way = through(server.url());
    request.url = std::move(url);
    return request;
}

inline void answer(scripted_connection& peer, std::string_view response)
{
    peer.read_head();
    peer.send(response);
}

} // namespace ttsave::test
