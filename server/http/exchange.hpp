#pragma once

// One request and the answer to it.

#include "core/errc.hpp"
#include "http/message.hpp"
#include "http/response_head.hpp"
#include "http/socket_writer.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ttsave::http {

/// Handlers answer through this, exactly once: with `respond`, or with `start_stream`, writes and `finish`. A stream
/// that is not finished is cut off, so that the client cannot take it for whole.
///
/// The head, the framing, and what is written with more::follows wait for what is to come, so that they leave in one
/// packet with it; `flush` sends what waits.
///
/// Not thread-safe; lives as long as its handler runs. Errors and cancellation: as socket_writer.
class exchange {
public:
    using more = socket_writer::more;
    using clock = std::chrono::steady_clock;

    /// The references must outlive this object.
    exchange(const request& incoming, unsigned version, bool keep_alive, socket_writer& out)
        : incoming_(incoming), version_(version), keep_alive_(keep_alive), out_(out)
    {
    }

    const request& incoming() const { return incoming_; }

    /// Sends a whole response; no body for HEAD, and neither body nor length for a 204 or 304. `answer` is not needed
    /// any more when this returns.
    boost::asio::awaitable<result<void>> respond(const response& answer);

    /// Begins a response with status 200 and a body of unknown length: chunked (RFC 9112 section 7.1), or for HTTP/1.0
    /// clients ended by closing. Waits for nothing.
    void start_stream(std::string_view content_type, const field_list& fields);
    boost::asio::awaitable<result<void>> write(std::string_view bytes, more hint = more::no);
    boost::asio::awaitable<result<void>> write_file(int fd, std::uint64_t offset, std::uint64_t count,
                                                    more hint = more::no);
    boost::asio::awaitable<result<void>> finish();
    boost::asio::awaitable<result<void>> flush() { return out_.flush(); }

    /// Makes the connection close after this answer. Before `respond` or `start_stream`.
    void close_after() { keep_alive_ = false; }

    /// Further fields of the answer, whatever it is. They must outlive this object. Before `respond` or `start_stream`.
    void add_fields(const field_list& further) { further_fields_ = &further; }

    /// What a handler has to say in the request's line in the log: "code" and "post.private", say.
    void note(std::string name, std::string value) { notes_.emplace_back(std::move(name), std::move(value)); }

    /// How long a part of the work has taken, for the same line: `name` is "resolve", say.
    void note_time(std::string name, clock::duration took) { times_.emplace_back(std::move(name), took); }

    // For the session, once the handler has returned.
    bool has_answered() const { return phase_ != phase::nothing; }
    bool is_whole() const { return phase_ == phase::whole; }
    bool must_close() const { return !keep_alive_ || !is_whole(); }
    /// Whether an unfinished answer would look whole to the client if the connection were closed in good order.
    bool must_reset() const { return phase_ == phase::streaming && version_ < 11; }
    unsigned status_sent() const { return status_; }
    std::uint64_t body_bytes_sent() const { return body_bytes_; }
    const field_list& notes() const { return notes_; }
    bool has_note(std::string_view name) const;
    const std::vector<std::pair<std::string, clock::duration>>& times() const { return times_; }
    /// When the head of a stream was ready to leave, with what follows it at once; nothing of other answers.
    std::optional<clock::time_point> streaming_since() const { return streaming_since_; }

private:
    enum class phase { nothing, streaming, whole };

    void start(status code, std::string_view content_type, const field_list& fields, framing body);
    boost::asio::awaitable<result<void>> finish_with(std::string_view content);
    void start_chunk(std::uint64_t size);
    void end_chunk();

    const request& incoming_;
    const unsigned version_; // 10 or 11
    bool keep_alive_;
    socket_writer& out_;
    phase phase_ = phase::nothing;
    bool is_chunked_ = false;
    unsigned status_ = 0;
    std::uint64_t body_bytes_ = 0;
    field_list notes_;
    std::vector<std::pair<std::string, clock::duration>> times_;
    std::optional<clock::time_point> streaming_since_;
    const field_list* further_fields_ = nullptr;
};

} // namespace ttsave::http
