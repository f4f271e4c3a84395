#include "delivery/growing_file.hpp"

#include "core/file_io.hpp"

#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace ttsave::delivery {

namespace {

constexpr std::size_t adopted_at_a_time = 256 * 1024;

/// Of a file that cannot be written to disk: enough to keep connections busy, and little enough for many files.
constexpr std::uint64_t window_bytes = 1024 * 1024;

} // namespace

growing_file::growing_file(unique_fd file, std::string marker, file_services services)
    : file_(std::move(file)), marker_(std::move(marker)), services_(services), on_disk_(services.disk)
{
}

growing_file::growing_file(unique_fd file, const media::media_type& type, std::uint64_t size, bool holds_marker,
                           file_services services)
    : growing_file(std::move(file), std::string(), services)
{
    state_.size = size;
    state_.type = type;
    state_.total = size;
    state_.is_complete = true;
    state_.holds_marker = holds_marker;
}

void growing_file::begin(const media::media_type& type, std::optional<std::uint64_t> total)
{
    // Readers learn of it with the first bytes: a recognised file always has some.
    const std::lock_guard lock(mutex_);
    state_.type = type;
    state_.total = total;
}

bool growing_file::find_marker(std::span<const char> bytes)
{
    if (marker_.empty())
        return false;
    const std::string_view arrived(bytes.data(), bytes.size());
    const std::size_t overlap = marker_.size() - 1;
    const std::string seam = tail_ + std::string(arrived.substr(0, overlap));
    const bool found = seam.find(marker_) != std::string::npos ||
                       ::memmem(bytes.data(), bytes.size(), marker_.data(), marker_.size()) != nullptr;
    tail_ = arrived.size() >= overlap ? std::string(arrived.substr(arrived.size() - overlap))
                                      : tail_ + std::string(arrived);
    if (tail_.size() > overlap)
        tail_.erase(0, tail_.size() - overlap);
    return found;
}

result<void> growing_file::append(std::span<const char> bytes)
{
    const bool found = find_marker(bytes);
    sum_.add(bytes);
    if (const auto failure = keep(bytes))
        return failure;
    const std::lock_guard lock(mutex_);
    state_.size += bytes.size();
    state_.holds_marker = state_.holds_marker || found;
    forget_what_all_have();
    changed_.notify_all();
    return result<void>();
}

/// Puts bytes where readers find them: on disk or, once that has failed, in memory.
error_code growing_file::keep(std::span<const char> bytes)
{
    std::unique_lock lock(mutex_);
    const std::uint64_t offset = state_.size;
    if (!window_) {
        lock.unlock();
        const auto failure = write_to_disk(offset, bytes);
        if (!failure)
            return {};
        lock.lock();
        if (readers_.empty()) {
            // From here on nobody can begin to read: what has failed is refused, not cut off.
            state_.error = failure;
            changed_.notify_all();
            return failure;
        }
        spdlog::warn("{} readers of a file are served without the disk from byte {} on", readers_.size(), offset);
        window_.emplace(offset, services_.memory);
        disk_end_ = offset;
        judged_at_ = readers_.slowest().value_or(0);
    }
    return window_->append(bytes) ? error_code() : errc::storage_failed;
}

error_code growing_file::write_to_disk(std::uint64_t offset, std::span<const char> bytes)
{
    const std::uint64_t end = offset + bytes.size();
    if (end > on_disk_.bytes()) {
        constexpr std::uint64_t step = 1024 * 1024;
        const auto total = state().total;
        if (!on_disk_.resize(total && *total >= end ? *total : (end + step - 1) / step * step)) {
            spdlog::warn("max_spool_bytes is reached");
            return errc::overloaded;
        }
    }
    if (const auto problem = write_at(file_.get(), offset, bytes)) {
        spdlog::error("the spool cannot be written: {}", problem.message());
        return errc::storage_failed;
    }
    return {};
}

bool growing_file::is_held_up() const
{
    return window_ && window_->size() >= window_bytes && !readers_.empty() && !state_.error;
}

bool growing_file::has_room() const
{
    const std::lock_guard lock(mutex_);
    return !is_held_up();
}

boost::asio::awaitable<void> growing_file::room()
{
    std::unique_lock lock(mutex_);
    while (is_held_up()) {
        const auto begin = async_condition::clock::now();
        co_await changed_.wait(lock, begin + services_.patience - held_up_for_);
        held_up_for_ += async_condition::clock::now() - begin;
        if (held_up_for_ >= services_.patience)
            judge_slowest();
    }
}

/// Cuts off whoever keeps others waiting, and took less than a window's worth in all the time it held up the writer.
void growing_file::judge_slowest()
{
    const auto slowest = readers_.slowest();
    const bool is_in_the_way = slowest && window_ && readers_.has_anybody_at(window_->end());
    if (is_in_the_way && *slowest < judged_at_ + window_bytes && *slowest < window_->end()) {
        readers_.cut_off_those_at(*slowest);
        forget_what_all_have();
    }
    judged_at_ = readers_.slowest().value_or(0);
    held_up_for_ = {};
}

void growing_file::forget_what_all_have()
{
    if (window_)
        window_->forget_before(readers_.slowest().value_or(window_->end()));
}

bool growing_file::equals(std::uint64_t offset, std::span<const char> bytes) const
{
    {
        // What is only in memory may be forgotten already.
        const std::lock_guard lock(mutex_);
        if (window_ && offset + bytes.size() > disk_end_)
            return false;
    }
    std::array<char, 16 * 1024> known;
    while (!bytes.empty()) {
        const std::size_t wanted = std::min(bytes.size(), known.size());
        const auto read = ::pread(file_.get(), known.data(), wanted, static_cast<off_t>(offset));
        if (read < 0 && errno == EINTR)
            continue;
        if (read <= 0 || std::memcmp(known.data(), bytes.data(), static_cast<std::size_t>(read)) != 0)
            return false;
        offset += static_cast<std::uint64_t>(read);
        bytes = bytes.subspan(static_cast<std::size_t>(read));
    }
    return true;
}

std::uint64_t growing_file::size() const
{
    const std::lock_guard lock(mutex_);
    return state_.size;
}

void growing_file::complete()
{
    const std::lock_guard lock(mutex_);
    state_.is_complete = true;
    changed_.notify_all();
}

result<void> growing_file::adopt(const media::media_type& type)
{
    const std::uint64_t size = size_of(file_.get());
    if (!on_disk_.resize(size))
        return errc::overloaded;
    bool holds_marker = false;
    for (std::uint64_t searched = 0; searched < size;) {
        const auto bytes = read_at(file_.get(), searched, adopted_at_a_time);
        if (bytes.empty()) {
            spdlog::error("the spool cannot be read");
            return errc::storage_failed;
        }
        holds_marker = find_marker(bytes) || holds_marker;
        sum_.add(bytes);
        searched += bytes.size();
    }
    begin(type, size);
    const std::lock_guard lock(mutex_);
    state_.size = size;
    state_.holds_marker = holds_marker;
    state_.is_complete = true;
    changed_.notify_all();
    return result<void>();
}

void growing_file::fail(error_code error)
{
    const std::lock_guard lock(mutex_);
    state_.error = error;
    changed_.notify_all();
}

file_state growing_file::state() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

boost::asio::awaitable<file_state> growing_file::recognised()
{
    std::unique_lock lock(mutex_);
    while (!(state_.type && state_.size > 0) && !state_.error)
        co_await changed_.wait(lock);
    co_return state_;
}

bool growing_file::is_on_disk() const
{
    const std::lock_guard lock(mutex_);
    return state_.is_complete && !window_;
}

void growing_file::release_budget()
{
    on_disk_.resize(0);
}

} // namespace ttsave::delivery
