#pragma once

// Reads HTTP responses as cheaply as can be: framing is parsed, payload only counted.

#include <cstdint>
#include <string>
#include <string_view>

namespace ttsave::bench {

/// One response after the other. Throws std::runtime_error for what is no response with status 200 and a length or
/// chunks. Not thread-safe.
class response_reader {
public:
    /// Takes in what was received, up to the response's end. Returns how much of it that was.
    std::size_t feed(std::string_view bytes);

    /// How many of the next bytes are payload for certain; they may be skipped instead of fed.
    std::uint64_t payload_ahead() const { return stage_ == stage::payload ? left_ : 0; }
    void skip(std::uint64_t count);

    bool is_done() const { return stage_ == stage::done; }
    std::uint64_t payload() const { return payload_; }

    /// Begins with the next response.
    void restart() { *this = {}; }

private:
    enum class stage { head, chunk_line, payload, after_chunk, trailer, done };

    void on_head();
    void on_line();

    stage stage_ = stage::head;
    std::string line_; // of the framing, as far as it has come
    bool is_chunked_ = false;
    std::uint64_t left_ = 0;
    std::uint64_t payload_ = 0;
};

} // namespace ttsave::bench
