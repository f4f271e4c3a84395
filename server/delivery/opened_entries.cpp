#include "delivery/opened_entries.hpp"

#include <utility>
#include <vector>

namespace ttsave::delivery {

void opened_entries::keep(const store::media_store::entry& opened, content_ptr content)
{
    const auto files = content->files.size();
    {
        const std::lock_guard lock(opened->mutex);
        opened->content = std::move(content);
    }
    by_age_.push_back({opened, files});
    files_ += files;
    while (files_ > most_files_)
        close_oldest();
}

opened_entries::content_ptr opened_entries::find(const store::media_store::entry& wanted)
{
    content_ptr found;
    {
        const std::lock_guard lock(wanted->mutex);
        found = std::static_pointer_cast<const post_files>(wanted->content);
    }
    return found && is_unchanged(wanted, *found) ? found : nullptr;
}

void opened_entries::forget(const store::media_store::entry& opened)
{
    std::shared_ptr<const void> closed; // with the mutex given back
    const std::lock_guard lock(opened->mutex);
    closed.swap(opened->content);
}

bool opened_entries::is_unchanged(const store::media_store::entry& opened, const post_files& content)
{
    std::vector<int> descriptors;
    for (const auto& file : content.files)
        descriptors.push_back(file->descriptor());
    return store::media_store::is_unchanged(opened, descriptors);
}

void opened_entries::close_oldest()
{
    const auto oldest = std::move(by_age_.front());
    by_age_.pop_front();
    files_ -= oldest.files;
    if (const auto entry = oldest.entry.lock())
        forget(entry);
}

} // namespace ttsave::delivery
