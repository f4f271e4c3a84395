#include "delivery/growing_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ttsave::delivery {

std::optional<growing_file::reader> growing_file::attach()
{
    std::unique_lock lock(mutex_);
    if (state_.error || (window_ && window_->begin() > disk_end_))
        return std::nullopt;
    std::optional<reader> attached(reader(shared_from_this(), readers_.add()));
    const bool begins_on_disk = (window_ ? disk_end_ : state_.size) > 0;
    lock.unlock();
    if (begins_on_disk && !can_read_beginning())
        attached.reset();
    return attached;
}

bool growing_file::can_read_beginning() const
{
    char first = 0;
    ssize_t got = 0;
    do
        got = ::pread(file_.get(), &first, 1, 0);
    while (got < 0 && errno == EINTR);
    return got == 1;
}

growing_file::reader::~reader()
{
    if (!file_)
        return;
    const std::lock_guard lock(file_->mutex_);
    file_->readers_.remove(own_);
    file_->forget_what_all_have();
    file_->changed_.notify_all();
}

boost::asio::awaitable<result<growing_file::piece>> growing_file::reader::next(std::uint64_t most)
{
    const auto& state = file_->state_;
    std::unique_lock lock(file_->mutex_);
    while (state.size <= own_->offset && !state.is_complete && !state.error)
        co_await file_->changed_.wait(lock);
    if (own_->is_cut_off)
        co_return errc::storage_failed;
    if (state.size <= own_->offset && !state.is_complete)
        co_return state.error;
    piece found{own_->offset, 0, nullptr, state.holds_marker};
    const auto& window = file_->window_;
    const auto disk_end = window ? file_->disk_end_ : state.size;
    if (found.offset < disk_end) {
        found.size = std::min(most, disk_end - found.offset);
    } else if (found.offset < state.size) {
        found.memory = window->at(found.offset);
        found.size = found.memory->size();
    }
    own_->offset += found.size;
    if (window) {
        file_->forget_what_all_have();
        file_->changed_.notify_all();
    }
    co_return found;
}

} // namespace ttsave::delivery
