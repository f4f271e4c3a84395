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

} // namespace

growing_file::growing_file(unique_fd file, std::string marker) : file_(std::move(file)), marker_(std::move(marker)) {}

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
    const std::uint64_t offset = size();
    if (const auto problem = write_at(file_.get(), offset, bytes)) {
        spdlog::error("the spool cannot be written: {}", problem.message());
        return errc::storage_failed;
    }
    const std::lock_guard lock(mutex_);
    state_.size = offset + bytes.size();
    state_.holds_marker = state_.holds_marker || found;
    changed_.notify_all();
    return result<void>();
}

bool growing_file::equals(std::uint64_t offset, std::span<const char> bytes) const
{
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
    bool holds_marker = false;
    for (std::uint64_t searched = 0; searched < size;) {
        const auto piece = read_at(file_.get(), searched, adopted_at_a_time);
        if (piece.empty()) {
            spdlog::error("the spool cannot be read");
            return errc::storage_failed;
        }
        holds_marker = find_marker(piece) || holds_marker;
        searched += piece.size();
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

boost::asio::awaitable<file_state> growing_file::more_than(std::uint64_t seen)
{
    std::unique_lock lock(mutex_);
    while (state_.size <= seen && !state_.is_complete && !state_.error)
        co_await changed_.wait(lock);
    co_return state_;
}

boost::asio::awaitable<file_state> growing_file::recognised()
{
    std::unique_lock lock(mutex_);
    while (!(state_.type && state_.size > 0) && !state_.error)
        co_await changed_.wait(lock);
    co_return state_;
}

} // namespace ttsave::delivery
