#pragma once

// HTTP transfers of the whole process, on one thread that drives libcurl's multi handle.

#include "net/curl_handle.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace ttsave::net {

/// One HTTP request. A redirect is an answer like any other: whoever asked decides whether to follow.
struct transfer_request {
    route way;                         ///< told when its proxy is at fault
    bool host_is_always_there = false; ///< an https host that is not reached is a fault of the proxy, too
    std::string url;
    std::vector<std::string> headers; ///< "Name: value"; no Range here
    std::string cookies;              ///< the Cookie header's value, or empty
    bool head = false;                ///< HEAD instead of GET
    std::string range;                ///< "N-" as in RFC 9110 section 14.1.2, or empty
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds stall_timeout{20'000}; ///< ends a transfer of which nothing has arrived for so long
    std::chrono::milliseconds total_timeout{0};      ///< 0: none
};

/// Status and headers of a response; names in lower case, the last of equal ones counts.
struct response_head {
    int status = 0;
    std::map<std::string, std::string, std::less<>> fields;

    /// The value of `name` (lower case), or an empty text.
    std::string_view field(std::string_view name) const;
    /// Content-Length as a number, if there is a valid one.
    std::optional<std::uint64_t> content_length() const;
};

enum class transfer_end {
    complete,  ///< the whole body has arrived, as far as HTTP can tell
    stopped,   ///< the sink refused to take more
    timed_out, ///< connecting, stalled, or the total time
    broken,    ///< refused, reset, TLS failure, or cut short
};

/// What becomes of a transfer after some bytes of its body.
enum class flow {
    go_on, ///< they are taken
    pause, ///< none of them is taken: they come again once the transfer is resumed
    stop,  ///< no more is wanted
};

/// Takes what arrives. All calls come from the engine's thread, one at a time; none may block for long.
class transfer_sink {
public:
    virtual ~transfer_sink() = default;

    /// The final response head (never a 1xx or a proxy's). Returns whether to go on.
    virtual bool on_head(const response_head& head) = 0;
    /// The next bytes of the body.
    virtual flow on_data(std::span<const char> bytes) = 0;
    /// The last call, made exactly once unless the transfer is dropped first. `detail` is for the log.
    virtual void on_end(transfer_end end, std::string_view detail) = 0;
};

class transfer;

/// Runs any number of transfers on its own thread; connections are reused between them. Thread-safe.
class transfer_engine {
public:
    /// A transfer under way; dropping it stops it. At most one more call of the sink may still be running then, and
    /// the sink itself is kept alive until that has returned. Movable; must not outlive the engine.
    class handle {
    public:
        handle() = default;
        handle(handle&& other) noexcept;
        handle& operator=(handle&& other) noexcept;
        ~handle();

        /// Lets a transfer that its sink has paused go on; nothing happens to one that is not paused, or has ended.
        /// While it is paused nothing is read: the peer finds its connection full, and a connection that breaks is
        /// noticed only afterwards. It is no stall, but `total_timeout` runs on. Thread-safe.
        void resume() const;

    private:
        friend class transfer_engine;
        handle(transfer_engine& engine, std::uint64_t id) : engine_(&engine), id_(id) {}
        void drop() noexcept;

        transfer_engine* engine_ = nullptr;
        std::uint64_t id_ = 0;
    };

    explicit transfer_engine(network_options options = {});
    /// Stops every transfer and the thread; no sink is called any more.
    ~transfer_engine();

    transfer_engine(const transfer_engine&) = delete;
    transfer_engine& operator=(const transfer_engine&) = delete;

    /// Starts a transfer; never fails here: what cannot be started ends as `broken`.
    [[nodiscard]] handle start(transfer_request request, std::shared_ptr<transfer_sink> sink);

    /// Bytes of bodies that have arrived since the start, wanted or not.
    std::uint64_t received_bytes() const { return received_; }

private:
    enum class action { start, resume, stop };
    struct command {
        std::uint64_t id;
        action what;
        std::unique_ptr<transfer> started; // of `start` only
    };
    struct multi_deleter {
        void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
    };

    void enqueue(command entry);
    void run();
    void execute(command entry);
    void begin(std::uint64_t id, std::unique_ptr<transfer> started);
    void collect_finished();
    std::chrono::milliseconds end_stalled();
    void finish(std::uint64_t id, CURLcode code);

    const network_options options_;
    const std::unique_ptr<CURLM, multi_deleter> multi_;
    std::unordered_map<std::uint64_t, std::unique_ptr<transfer>> transfers_; // the engine's thread only

    std::atomic<std::uint64_t> received_ = 0;

    std::mutex mutex_;
    std::vector<command> commands_;
    std::uint64_t last_id_ = 0;
    bool stopping_ = false;

    std::thread thread_; // last: starts when everything else is there
};

} // namespace ttsave::net
