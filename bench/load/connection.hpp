#pragma once

// One keep-alive connection with one request at a time.

#include "load.hpp"
#include "response_reader.hpp"

#include <array>
#include <chrono>
#include <string>

namespace ttsave::bench {

/// Not thread-safe. Its functions throw std::exception for whatever should not happen.
class connection {
public:
    connection(const plan& wanted, outcome& made);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    int descriptor() const { return fd_; }
    bool is_asking() const { return is_asking_; }

    void ask(const std::string& request);

    /// Reads what has come. Returns whether the response is complete.
    bool read();

private:
    using clock = std::chrono::steady_clock;

    std::int64_t receive();
    double since_asked_us() const;

    const plan& plan_;
    outcome& made_;
    const int fd_;
    response_reader reader_;
    std::array<char, 4096> scratch_;
    clock::time_point asked_at_;
    bool is_asking_ = false;
    bool has_first_byte_ = false;
};

} // namespace ttsave::bench
