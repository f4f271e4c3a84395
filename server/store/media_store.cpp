#include "store/media_store.hpp"

#include "core/random_token.hpp"

#include <boost/system/errc.hpp>
#include <spdlog/spdlog.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>

namespace ttsave::store {

namespace fs = std::filesystem;

namespace {

std::int64_t now_s()
{
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// How much has to leave for the disk not to be full: what is wanted now is worth more than what may be wanted again.
std::uint64_t missing_bytes(const fs::path& directory)
{
    constexpr std::uintmax_t most_reserved = 64 * 1024 * 1024;
    constexpr std::uintmax_t share_reserved = 20;
    std::error_code ec;
    const auto space = fs::space(directory, ec);
    const auto reserve = std::min(most_reserved, space.capacity / share_reserved);
    return ec || space.available >= reserve ? 0 : reserve - space.available;
}

error_code make_directory(const fs::path& path)
{
    if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    return {errno, boost::system::system_category()};
}

std::vector<fs::path> children_of(const fs::path& directory)
{
    std::vector<fs::path> found;
    std::error_code ec;
    for (fs::directory_iterator place(directory, ec), end; !ec && place != end; place.increment(ec))
        found.push_back(place->path());
    return found;
}

} // namespace

media_store::media_store(media_store_options options) : options_(std::move(options)), index_(options_.max_bytes) {}

void media_store::maintain()
{
    const std::lock_guard one_at_a_time(writing_);
    if (lock_ && !lock_->is_in_place()) {
        spdlog::warn("cache_dir {} is not what it was: what was kept in it is forgotten", options_.directory.string());
        lock_.reset();
        const std::lock_guard lock(mutex_);
        index_.clear();
    }
    if (!lock_ && !take_possession())
        return;
    std::vector<entry> leaving;
    {
        const auto now = now_s();
        const auto missing = missing_bytes(options_.directory);
        const std::lock_guard lock(mutex_);
        leaving = index_.take_expired(now - options_.ttl.count(), now);
        auto oldest = index_.take_oldest(missing);
        if (!oldest.empty())
            spdlog::warn("the disk of cache_dir is nearly full: {} kept posts give way", oldest.size());
        std::move(oldest.begin(), oldest.end(), std::back_inserter(leaving));
    }
    for (const auto& each : leaving)
        remove_entry(each->directory);
}

bool media_store::take_possession()
{
    auto lock = directory_lock::acquire(options_.directory);
    error_code problem = lock ? make_directory(entries()) : lock.error();
    if (!problem)
        problem = make_directory(incoming());
    if (problem) {
        const bool is_taken = problem == boost::system::errc::resource_unavailable_try_again;
        const std::string reason = is_taken ? "another server uses it" : problem.message();
        if (!is_off() && reason != complaint_)
            spdlog::warn("nothing is kept in cache_dir {}: {}", options_.directory.string(), reason);
        complaint_ = reason;
        return false;
    }
    complaint_.clear();
    lock_ = std::move(*lock);
    load();
    return true;
}

/// Fills the index with what an earlier process has left, and removes what is no entry.
void media_store::load()
{
    for (const auto& left_over : children_of(incoming()))
        remove_entry(left_over);
    std::vector<std::pair<fs::file_time_type, entry>> found;
    for (const auto& directory : children_of(entries())) {
        auto about = load_entry(directory);
        const bool is_sound = about && directory.filename() == about->key;
        if (!is_sound || is_off() || !is_current(*about)) {
            if (!is_sound)
                spdlog::warn("the cache's entry {} is damaged and removed", directory.filename().string());
            remove_entry(directory);
            continue;
        }
        auto loaded = std::make_shared<stored_entry>();
        loaded->about = std::move(*about);
        loaded->directory = directory;
        found.emplace_back(last_use_of(directory), std::move(loaded));
    }
    std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<entry> evicted;
    std::unique_lock lock(mutex_);
    for (auto& [time, each] : found) {
        auto room = index_.make_room(each->about.bytes());
        std::move(room.evicted.begin(), room.evicted.end(), std::back_inserter(evicted));
        if (room.fits)
            index_.add(std::move(each));
        else
            evicted.push_back(std::move(each));
    }
    if (!is_off())
        spdlog::info("cache entries={} bytes={}", index_.size(), index_.bytes());
    lock.unlock();
    for (const auto& each : evicted)
        remove_entry(each->directory);
}

bool media_store::is_current(const manifest& about) const
{
    const auto age = now_s() - about.stored_at;
    return age >= 0 && age < options_.ttl.count();
}

media_store::entry media_store::find(const std::string& key)
{
    const std::lock_guard lock(mutex_);
    auto found = index_.find(key);
    return found && is_current(found->about) ? found : nullptr;
}

result<std::vector<unique_fd>> media_store::open(const entry& found)
{
    std::vector<file_stamp> known;
    {
        const std::lock_guard lock(found->mutex);
        known = found->stamps;
    }
    auto opened = open_entry_files(found->directory, found->about, known);
    if (!opened) {
        spdlog::warn("the cache's entry {} is damaged and removed: {}", found->about.key, opened.error().message());
        drop(found);
        return opened.error();
    }
    const std::lock_guard lock(found->mutex);
    found->stamps = std::move(opened->stamps);
    return std::move(opened->files);
}

bool media_store::admit(manifest about, const std::vector<int>& descriptors)
{
    const std::lock_guard one_at_a_time(writing_);
    if (is_off() || !lock_)
        return false;
    entry_index::eviction room;
    {
        const std::lock_guard lock(mutex_);
        // Of two that were fetched at the same time, for want of a common beginning, the later one stays.
        if (const auto former = index_.find(about.key)) {
            index_.take(former);
            room.evicted.push_back(former);
        }
        auto made = index_.make_room(about.bytes());
        room.fits = made.fits;
        std::move(made.evicted.begin(), made.evicted.end(), std::back_inserter(room.evicted));
    }
    for (const auto& each : room.evicted)
        remove_entry(each->directory);
    if (!room.fits)
        return false;

    auto added = std::make_shared<stored_entry>();
    added->directory = entries() / about.key;
    about.stored_at = now_s();
    added->about = std::move(about);
    const auto unfinished = incoming() / random_token(8);
    std::error_code ec;
    make_directory(entries()); // should somebody have emptied the directory
    make_directory(incoming());
    const auto written = write_entry(unfinished, added->about, descriptors);
    if (written)
        fs::rename(unfinished, added->directory, ec);
    if (!written || ec) {
        spdlog::warn("{} cannot be kept: {}", added->about.key, written ? ec.message() : written.error().message());
        remove_entry(unfinished);
        return false;
    }
    // What has just been written from the network's bytes needs no second reading.
    for (const int descriptor : descriptors)
        added->stamps.push_back(file_stamp::of(descriptor));
    const std::lock_guard lock(mutex_);
    index_.add(std::move(added));
    return true;
}

bool media_store::is_unchanged(const entry& opened, const std::vector<int>& descriptors)
{
    const std::lock_guard lock(opened->mutex);
    return std::equal(descriptors.begin(), descriptors.end(), opened->stamps.begin(), opened->stamps.end(),
                      [](int descriptor, const file_stamp& stamp) { return file_stamp::of(descriptor) == stamp; });
}

void media_store::drop(const entry& damaged)
{
    const std::lock_guard one_at_a_time(writing_);
    bool was_there = false;
    {
        const std::lock_guard lock(mutex_);
        was_there = index_.take(damaged);
    }
    if (was_there)
        remove_entry(damaged->directory);
}

media_store::stock media_store::kept() const
{
    const std::lock_guard lock(mutex_);
    return {index_.size(), index_.bytes()};
}

} // namespace ttsave::store
