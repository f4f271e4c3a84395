#pragma once

// Runs ffmpeg: a few at a time, each limited, supervised and reaped.

#include "core/async_condition.hpp"
#include "core/child_process.hpp"
#include "core/confinement.hpp"
#include "core/errc.hpp"
#include "core/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ttsave::media {

struct ffmpeg_options {
    std::string program = "/usr/bin/ffmpeg";               ///< an absolute path
    std::size_t jobs = 2;                                  ///< processes at a time, for all deliveries together
    std::chrono::seconds max_wait{300};                    ///< for a process that may be started
    std::chrono::seconds max_time{120};                    ///< of one process, by the clock
    std::chrono::seconds max_cpu{60};                      ///< of one process, on the processor
    std::uint64_t max_file_bytes = std::uint64_t{1} << 31; ///< of each file that it writes; no video comes near it
    /// Of address space. Ten times what the photos of a phone take; a picture that pretends to be enormous is refused.
    std::uint64_t max_memory_bytes = std::uint64_t{1} << 30;
};

/// One run: what stands between the options that every run has and the process's end.
struct ffmpeg_job {
    std::vector<std::string> arguments; ///< files as `path_of` names them
    std::vector<int> descriptors;       ///< what the arguments name; open until the run has ended
};

/// What ffmpeg may do: read and write the files that it is given as descriptors, and nothing else.
std::shared_ptr<const confinement> ffmpeg_box(const ffmpeg_options& options);

/// How a job is run in such a box.
child_command ffmpeg_command(const ffmpeg_options& options, std::shared_ptr<const confinement> box, ffmpeg_job job);

/// Thread-safe. `stop` must be awaited before destruction.
class ffmpeg {
public:
    explicit ffmpeg(ffmpeg_options options) : options_(std::move(options)), box_(ffmpeg_box(options_)) {}

    /// How an argument names a descriptor of ours: ffmpeg opens it anew, at its beginning.
    static std::string path_of(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

    /// Runs ffmpeg on the calling coroutine's executor, once there is room for one more (first come, first served), and
    /// returns what it has written to its standard output. Its log goes to ours, at debug level.
    ///
    /// Errors: overloaded (there was no room for `max_wait`), slideshow_unavailable (it cannot be started),
    /// media_broken (it has given up, as it does about what it cannot decode), slideshow_failed (it was killed, or took
    /// too long). Cancellation: terminal; the process is killed.
    boost::asio::awaitable<result<std::string>> run(ffmpeg_job job);

    /// Waits until every process has been reaped; call when nothing runs any more.
    boost::asio::awaitable<void> stop() { co_await reapers_.join(); }

private:
    struct waiter {};

    /// Room for one process; given back when it has been reaped.
    class room {
    public:
        explicit room(ffmpeg& owner) : owner_(&owner) {}
        room(room&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
        room& operator=(room&&) = delete;
        ~room();

    private:
        ffmpeg* owner_;
    };

    boost::asio::awaitable<result<room>> make_room();
    static boost::asio::awaitable<void> reap(std::unique_ptr<child_process> ended, room taken);

    const ffmpeg_options options_;
    const std::shared_ptr<const confinement> box_;

    std::mutex mutex_;
    async_condition changed_;
    std::size_t running_ = 0;
    std::list<waiter> waiters_; // in the order in which they came

    task_group reapers_;
};

} // namespace ttsave::media
