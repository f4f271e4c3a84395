#pragma once

// One transfer's part in fetching a file: what of its response is believed, and what is passed on to the sink.

#include "core/async_condition.hpp"
#include "core/errc.hpp"
#include "media/content_validator.hpp"
#include "media/media_sink.hpp"
#include "net/transfer_engine.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace ttsave::media {

/// How an attempt ended.
struct attempt_end {
    net::transfer_end transfer{};
    error_code error;         ///< why it was stopped from this side, if it was
    std::string redirect_to;  ///< where the response pointed instead, as it stood there
    bool was_cut_off = false; ///< it broke after some bytes of the body, but before they could be recognised
    std::string detail;       ///< for the log
};

/// What an attempt is to bring.
struct attempt_goal {
    media_class expected{};
    std::uint64_t max_bytes = 0;
    std::optional<content_validator> resumes; ///< the file that has begun, if one has
};

/// Called by the engine's thread; `wait` by the fetching coroutine's.
class fetch_attempt : public net::transfer_sink {
public:
    fetch_attempt(attempt_goal goal, std::shared_ptr<media_sink> sink);

    bool on_head(const net::response_head& head) override;
    net::flow on_data(std::span<const char> bytes) override;
    void on_end(net::transfer_end end, std::string_view detail) override;

    /// Returns how the attempt has ended; or nothing when the transfer is paused for want of room in the sink, to be
    /// resumed after `let_on`. Cancellation: terminal.
    boost::asio::awaitable<std::optional<attempt_end>> wait();

    /// The sink has or had room, or never will again: what comes next is given to it.
    void let_on();

    /// Of the file this attempt began; valid once `wait` has returned and the sink has begun.
    const content_validator& validator() const { return validator_; }

private:
    bool stop(error_code reason, std::string detail);
    bool must_pause();
    bool take(std::span<const char> bytes);
    bool begin();
    bool pass_on(std::span<const char> bytes);

    const attempt_goal goal_;
    const std::shared_ptr<media_sink> sink_;

    // The engine's thread only, until the end.
    content_validator validator_;
    bool has_begun_;
    std::string head_bytes_;       // leading bytes, until there are enough to recognise
    std::uint64_t repeated_ = 0;   // position in a response that starts over
    std::uint64_t to_compare_ = 0; // how much of it the sink already has
    attempt_end end_;

    std::mutex mutex_;
    async_condition changed_;
    bool has_ended_ = false;
    bool wants_room_ = false; // the transfer is paused
    bool has_leave_ = false;  // to pass on once, whatever the sink says
};

} // namespace ttsave::media
