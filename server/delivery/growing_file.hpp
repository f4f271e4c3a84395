#pragma once

// A file on its way: written once, read by any number of clients at their own pace while it grows.

#include "core/async_condition.hpp"
#include "core/budget.hpp"
#include "core/checksum.hpp"
#include "core/errc.hpp"
#include "core/unique_fd.hpp"
#include "delivery/memory_window.hpp"
#include "delivery/reader_places.hpp"
#include "media/media_sink.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace ttsave::delivery {

/// What there is of a file at one moment.
struct file_state {
    std::uint64_t size = 0;                ///< bytes that have arrived
    std::optional<media::media_type> type; ///< once the leading bytes are recognised
    std::optional<std::uint64_t> total;    ///< the size it will have, if the source told it
    bool is_complete = false;
    bool holds_marker = false; ///< the bytes so far contain the marker
    error_code error;          ///< set when it will never be complete
};

/// What a file is made with.
struct file_services {
    budget& disk;   ///< of all files that grow
    budget& memory; ///< of what is passed on without the disk
    /// How long a slow reader may hold up others that are served without the disk.
    std::chrono::milliseconds patience{10'000};
};

/// Thread-safe: one writer, any number of readers.
///
/// Where the disk fails in the middle (full, an I/O error, the budget), the readers that are there are served on from
/// memory: a window that the slowest of them holds up, and the writer with it. Nobody can join then any more. Without
/// a reader the failure is the writer's.
class growing_file : public media::media_sink, public std::enable_shared_from_this<growing_file> {
public:
    /// `file` is empty. `marker` is a text whose presence in the file readers must know of before they pass on the
    /// bytes that hold it (the multipart boundary).
    growing_file(unique_fd file, std::string marker, file_services services);
    /// A file that is complete, of `size` bytes, and known to hold the marker or not.
    growing_file(unique_fd file, const media::media_type& type, std::uint64_t size, bool holds_marker,
                 file_services services);

    // The writer's side; bytes become readable only after they are kept and have been searched.
    void begin(const media::media_type& type, std::optional<std::uint64_t> total) override;
    /// Errors: storage_failed; overloaded (the disk's budget).
    result<void> append(std::span<const char> bytes) override;
    bool has_room() const override;
    boost::asio::awaitable<void> room() override;
    bool equals(std::uint64_t offset, std::span<const char> bytes) const override;
    std::uint64_t size() const override;
    void complete();
    void fail(error_code error);
    /// The file was written whole by somebody else, as `type`, and is complete. Reads all of it; may block.
    /// Errors: storage_failed (it cannot be read back), overloaded.
    result<void> adopt(const media::media_type& type);

    file_state state() const;
    /// Waits until the file is recognised or has failed. Cancellation: terminal.
    boost::asio::awaitable<file_state> recognised();

    /// For pread, sendfile and linkat; never moved by either side. Stays open as long as this object.
    int descriptor() const { return file_.get(); }
    /// Whether the descriptor has all of the complete file.
    bool is_on_disk() const;
    /// Of a complete file that was not opened as one.
    std::string checksum_text() const { return sum_.text(); }
    /// The complete file's bytes count for somebody else from now on.
    void release_budget();

    /// The next bytes for a reader; none at the end of the file.
    struct piece {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        memory_window::block memory; ///< where they are; null: in the file
        bool holds_marker = false;   ///< the file does, as far as it has arrived
    };

    /// One reader's place in the file. Movable; not thread-safe; keeps the file.
    class reader {
    public:
        reader(reader&&) = default;
        reader& operator=(reader&&) = delete;
        ~reader();

        /// Waits for the next bytes, at most `most` where they are on disk. Errors: the file's; storage_failed for a
        /// reader that was too slow for being served from memory. Cancellation: terminal.
        boost::asio::awaitable<result<piece>> next(std::uint64_t most);

        const growing_file& file() const { return *file_; }
        boost::asio::awaitable<file_state> recognised() { return file_->recognised(); }

    private:
        friend class growing_file;
        reader(std::shared_ptr<growing_file> file, reader_places::handle own) : file_(std::move(file)), own_(own) {}

        std::shared_ptr<growing_file> file_;
        reader_places::handle own_; // guarded by the file's mutex
    };

    /// A reader at the file's beginning; none when that is no longer there, or on a disk that has died since, or when
    /// the file has failed.
    std::optional<reader> attach();

private:
    bool find_marker(std::span<const char> bytes);
    error_code keep(std::span<const char> bytes);
    error_code write_to_disk(std::uint64_t offset, std::span<const char> bytes);
    bool can_read_beginning() const;
    bool is_held_up() const;
    void judge_slowest();
    void forget_what_all_have();

    const unique_fd file_;
    const std::string marker_;
    const file_services services_;
    std::string tail_; // the writer's: the end of what has been searched, in case the marker straddles it
    checksum sum_;     // the writer's
    budget::share on_disk_;

    mutable std::mutex mutex_;
    async_condition changed_;
    file_state state_;
    std::optional<memory_window> window_;             // what follows what is on disk, once that has failed...
    std::uint64_t disk_end_ = 0;                      // ...here
    async_condition::clock::duration held_up_for_{0}; // how long the window has held up the writer
    std::uint64_t judged_at_ = 0;                     // where the slowest was when that began to count
    reader_places readers_;
};

} // namespace ttsave::delivery
