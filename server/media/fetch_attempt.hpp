#pragma once

// One transfer's part in fetching a file: what of its response is believed, and what is passed on to the sink.

#include "core/async_condition.hpp"
#include "core/errc.hpp"
#include "media/content_validator.hpp"
#include "media/media_sink.hpp"
#include "media/mp4_reader.hpp"
#include "media/opening.hpp"
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
    bool was_cut_off = false; ///< it broke after some bytes of the body, but before the file could begin
    bool is_silent = false;   ///< it was stopped because the video has no sound track
    std::string detail;       ///< for the log
};

/// What an attempt has to say to the fetching coroutine.
struct attempt_news {
    enum class kind {
        ended,
        wants_room, ///< it stands still for want of room in the sink, until `let_on` and a resumed transfer
        wants_tail, ///< it stands still until it has learned what the file's tail tells, and is resumed
    };

    kind what = kind::ended;
    attempt_end end;              ///< once it has ended
    std::uint64_t tail_begin = 0; ///< in the file, when it wants the tail
};

/// What an attempt is to bring.
struct attempt_goal {
    media_class expected{};
    bool wants_sound = false; ///< a video without a sound track is not wanted
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

    /// Cancellation: terminal.
    boost::asio::awaitable<attempt_news> wait();

    /// The sink has or had room, or never will again: what comes next is given to it.
    void let_on();

    /// What a look at the tail has told.
    void learn(sound_track found);

    /// Of the file this attempt has begun or wants the tail of; valid once `wait` has returned.
    const content_validator& validator() const { return validator_; }

private:
    bool stop(error_code reason, std::string detail);
    bool must_pause();
    bool take(std::span<const char> bytes);
    bool follow(opening::verdict found);
    bool ask_for_tail();
    bool begin();
    bool pass_on(std::span<const char> bytes);
    bool is_whole() const;
    bool finish();
    std::optional<sound_track> take_learned();
    void see_to();

    const attempt_goal goal_;
    const std::shared_ptr<media_sink> sink_;

    // The engine's thread only, until the end.
    content_validator validator_;
    bool has_begun_;
    opening opening_;
    mp4_reader boxes_;             // of a file of unknown size: where it may end
    std::uint64_t repeated_ = 0;   // position in a response that starts over
    std::uint64_t to_compare_ = 0; // how much of it the sink already has
    attempt_end end_;

    std::mutex mutex_;
    async_condition changed_;
    std::optional<attempt_news> news_; // until the coroutine has seen to it
    bool has_leave_ = false;           // to pass on once, whatever the sink says
    std::optional<sound_track> learned_;
};

} // namespace ttsave::media
