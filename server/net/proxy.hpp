#pragma once

// One of the operator's proxies, and how it has done.

#include "net/proxy_list.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

namespace ttsave::net {

/// Rests after each failure, longer every time until it has worked again. Thread-safe; the mutex is held for
/// nanoseconds.
class proxy {
public:
    using clock = std::chrono::steady_clock;

    static constexpr std::chrono::seconds first_rest{10};
    static constexpr std::chrono::seconds longest_rest{600};

    explicit proxy(listed_proxy about);

    /// Has done what `before`, the same one in an earlier list, has done.
    proxy(listed_proxy about, const proxy& before);

    const proxy_url& url() const { return about_.url; }
    const std::string& name() const { return about_.name; }

    /// When it may be used again, if there is a choice; in the past when it may.
    clock::time_point rests_until() const;

    /// It was its fault that something failed; `why` goes to the log. What fails while it rests is no news, and makes
    /// the rest no longer.
    void failed(std::string_view why, clock::time_point now);

    /// Something that went through it from `begin` on has succeeded: its rest ends, unless it has failed since.
    void worked(clock::time_point begin);

    bool has_failed_since(clock::time_point begin) const;

private:
    struct record {
        int failures = 0; // in a row, each followed by a rest
        clock::time_point rest_began = clock::time_point::min();
        clock::time_point rests_until = clock::time_point::min();
        clock::time_point last_failure = clock::time_point::min();
    };

    record now_known() const;

    const listed_proxy about_;
    mutable std::mutex mutex_;
    record known_;
};

} // namespace ttsave::net
