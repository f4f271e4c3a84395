#pragma once

// Keeps what happens again and again from filling the log.

#include <chrono>
#include <optional>

namespace ttsave {

/// Events that lie less than a minute apart belong to one episode. Not thread-safe.
class episode {
public:
    using clock = std::chrono::steady_clock;

    /// Notes an event. Returns whether an episode begins with it: only then is it worth a line.
    bool begins(clock::time_point now = clock::now())
    {
        const bool is_new = !last_ || now - *last_ > std::chrono::minutes(1);
        last_ = now;
        return is_new;
    }

private:
    std::optional<clock::time_point> last_;
};

} // namespace ttsave
