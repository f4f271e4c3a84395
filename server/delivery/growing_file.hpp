#pragma once

// A file on its way: written once, read by any number of clients at their own pace while it grows.

#include "core/async_condition.hpp"
#include "core/errc.hpp"
#include "media/media_sink.hpp"
#include "store/spool.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace ttsave::delivery {

/// What there is of a file at one moment.
struct file_state {
    std::uint64_t size = 0;                ///< bytes that can be read
    std::optional<media::media_type> type; ///< once the leading bytes are recognised
    std::optional<std::uint64_t> total;    ///< the size it will have, if the source told it
    bool is_complete = false;
    bool holds_marker = false; ///< the bytes so far contain the marker
    error_code error;          ///< set when it will never be complete
};

/// Thread-safe: one writer, any number of readers.
class growing_file : public media::media_sink {
public:
    /// `file` is empty. `marker` is a text whose presence in the file readers must know of before they pass on the
    /// bytes that hold it (the multipart boundary).
    growing_file(unique_fd file, std::string marker);

    // The writer's side; bytes become readable only after they are on disk and have been searched.
    void begin(const media::media_type& type, std::optional<std::uint64_t> total) override;
    result<void> append(std::span<const char> bytes) override;
    bool equals(std::uint64_t offset, std::span<const char> bytes) const override;
    std::uint64_t size() const override;
    void complete();
    void fail(error_code error);
    /// The file was written whole by somebody else, as `type`, and is complete. Reads all of it; may block.
    /// Errors: storage_failed (it cannot be read back).
    result<void> adopt(const media::media_type& type);

    // The readers' side.
    file_state state() const;
    /// Waits until there are more than `seen` bytes, or the file is complete, or has failed.
    /// Cancellation: terminal.
    boost::asio::awaitable<file_state> more_than(std::uint64_t seen);
    /// Waits until the file is recognised or has failed. Cancellation: terminal.
    boost::asio::awaitable<file_state> recognised();
    /// For pread and sendfile; never moved by either side. Stays open as long as this object.
    int descriptor() const { return file_.get(); }

private:
    bool find_marker(std::span<const char> bytes);

    const unique_fd file_;
    const std::string marker_;
    std::string tail_; // the writer's: the end of what has been searched, in case the marker straddles it

    mutable std::mutex mutex_;
    async_condition changed_;
    file_state state_;
};

} // namespace ttsave::delivery
